"""Announcing an open call."""

import msgspec

from services.registry.calls import rules
from services.registry.calls.collections import CALLS
from services.registry.law.queries import provision
from services.registry.organisations.collections import ORGANIZATIONS
from shared import clock
from shared.contracts.calls import AnnounceCall, Call, CallStatus, CallTask, Criterion
from shared.contracts.law import Limit
from shared.contracts.money import grosze, money
from shared.contracts.people import Viewer
from shared.ids import new_id
from shared.service.writing import changed
from shared.store.port import Transaction


async def announce_call(tx: Transaction, viewer: Viewer, command: AnnounceCall) -> Call:
    rules.is_staff(viewer)
    limit = await provision(tx, Limit.CALL_OFFER_DAYS, rules.announced_in_full_on(command))
    until = rules.offers_until(command, limit)
    rules.is_still_open(until, clock.local(clock.now()).date())
    rules.tasks_are_sound(command, until)
    rules.is_registered(await tx.get(ORGANIZATIONS, command.organizer_id), "organizerId")
    moment = clock.now()
    given = {
        "offers_until": until,
        "tasks": tuple(CallTask(id=new_id("tsk"), **msgspec.structs.asdict(task)) for task in command.tasks),
        "criteria": tuple(Criterion(id=new_id("crt"), **msgspec.structs.asdict(one)) for one in command.criteria),
    }
    call = Call(
        **(msgspec.structs.asdict(command) | given),
        id=new_id("cal"),
        version=1,
        created_at=moment,
        updated_at=moment,
        amount=money(sum(grosze(task.amount) for task in command.tasks)),
        status=CallStatus.ANNOUNCED,
    )
    await tx.put(CALLS, call)
    await changed(tx, "registry", "announced", call, (call.organizer_id,))
    return call
