"""The routes of the consultations service: what is read, what is written, each a line."""

from services.consultations import commands
from services.consultations.collections import ALL, CONSULTATIONS, REMARKS
from services.consultations.queries import LISTINGS
from shared.contracts.consultations import ChangeConsultation, Consultation, OpenConsultation, Remark, SubmitRemark
from shared.service.process import Service
from shared.service.routes import Routes, Write

WRITES = (
    Write(CONSULTATIONS, Consultation, OpenConsultation, commands.open_consultation),
    Write(CONSULTATIONS, Consultation, ChangeConsultation, commands.change_consultation),
    Write(REMARKS, Remark, SubmitRemark, commands.submit_remark),
)

ROUTES = Routes(LISTINGS, WRITES, ALL, commands.tell_imported)
SERVICE = Service("consultations", ALL, ROUTES)
