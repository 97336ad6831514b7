"""Error reports on records of any service."""

import strawberry

from gateway import kinds
from gateway.context import Info
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node, load
from shared.contracts import corrections as contracts


async def _record(parent: strawberry.Parent[contracts.Correction], info: Info) -> Node | None:
    record: Node | None = await load(info, parent.record_id)
    return record


@expose(contracts.Correction)
class Correction(Node):
    record: Node | None = strawberry.field(resolver=_record, description="The record as it is now")


submit_correction = command(
    kinds.CORRECTIONS, contracts.SubmitCorrection, references={"record_id": None}, open_to_visitors=True
)
decide_correction = command(kinds.CORRECTIONS, contracts.DecideCorrection)
