"""`python -m services.registry`: the registry as a process; settings come from the environment."""

from services.registry.http import SERVICE
from shared.service.process import main

main(SERVICE)
