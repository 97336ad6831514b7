"""`python -m services.events`: the events service as a process; settings come from the environment."""

from services.events.http import SERVICE
from shared.service.process import main

main(SERVICE)
