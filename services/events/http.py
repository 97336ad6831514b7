"""The routes of the events service: what is read, what is written, each a line; and what it reacts to."""

from services.events import commands
from services.events.collections import ALL, EVENTS
from services.events.queries import LISTINGS
from services.events.reactions import DURABLE, KEEPER, follow_consultation
from shared.contracts.events import ChangeEvent, Event, ScheduleEvent
from shared.service.handing import SUBJECT
from shared.service.process import Reaction, Service
from shared.service.routes import Routes, Write

WRITES = (
    Write(EVENTS, Event, ScheduleEvent, commands.schedule_event),
    Write(EVENTS, Event, ChangeEvent, commands.change_event),
)

ROUTES = Routes(LISTINGS, WRITES, (EVENTS,), commands.tell_imported)
CALENDAR = Reaction(DURABLE, ("changes.consultations.consultation.*",), follow_consultation)
CORRECTIONS = Reaction("events-corrections", (SUBJECT,), KEEPER.carry_out)
SERVICE = Service("events", ALL, ROUTES, (CALENDAR, CORRECTIONS))
