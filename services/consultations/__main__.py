"""`python -m services.consultations`: the consultations service as a process; settings come from the environment."""

from services.consultations.http import SERVICE
from shared.service.process import main

main(SERVICE)
