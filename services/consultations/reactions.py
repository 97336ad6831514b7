"""What consultations do on other services' changes: corrections that the registry passes on."""

from services.consultations import rules
from services.consultations.collections import CONSULTATIONS, DOCUMENTS
from services.consultations.commands import tell_corrected
from shared.service.handing import Keeper

KEEPER = Keeper(
    "consultations",
    {CONSULTATIONS.prefix: CONSULTATIONS, DOCUMENTS.prefix: DOCUMENTS},
    rules.sound,
    tell_corrected,
)
