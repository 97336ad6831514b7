"""The routes of the consultations service: what is read, what is written, each a line."""

from services.consultations import commands
from services.consultations.collections import ALL, CONSULTATIONS, REMARKS
from services.consultations.queries import LISTINGS
from services.consultations.reactions import KEEPER
from shared.contracts.consultations import ChangeConsultation, Consultation, OpenConsultation, Remark, SubmitRemark
from shared.service.handing import HANDOVERS, SUBJECT
from shared.service.process import Reaction, Service
from shared.service.routes import Routes, Write

WRITES = (
    Write(CONSULTATIONS, Consultation, OpenConsultation, commands.open_consultation),
    Write(CONSULTATIONS, Consultation, ChangeConsultation, commands.change_consultation),
    Write(REMARKS, Remark, SubmitRemark, commands.submit_remark),
)

ROUTES = Routes(LISTINGS, WRITES, ALL, commands.tell_imported)
CORRECTIONS = Reaction("consultations-corrections", (SUBJECT,), KEEPER.carry_out)
SERVICE = Service("consultations", (*ALL, HANDOVERS), ROUTES, (CORRECTIONS,))
