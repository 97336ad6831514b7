"""Error reports on records of any service, and receipts of what visitors sent."""

import strawberry

from gateway import kinds
from gateway.context import Info
from gateway.limits.declared import CALL
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node, load
from shared.contracts import corrections as contracts
from shared.contracts.paths import annotation_at
from shared.contracts.refusals import Refused


async def _record(parent: strawberry.Parent[contracts.Correction], info: Info) -> Node | None:
    record: Node | None = await load(info, parent.record_id)
    return record


@expose(contracts.Correction)
class Correction(Node):
    record: Node | None = strawberry.field(resolver=_record, description="The record as it is now", directives=[CALL])


@expose(contracts.Receipt, show=("id", "status", "created_at", "decide_by", "decided_on"))
class Receipt:
    """How far a submitted organisation or an error report is; for whoever has its id, without a token."""


async def receipt(info: Info, id: strawberry.ID) -> Receipt | None:
    # loaded, too, as far as it is to be seen: what is remembered of this answer is forgotten when that changes
    await load(info, id)
    found = await info.context.clients.batch(kinds.RECEIPTS, (id,), info.context.caller)
    return found.get(id)  # type: ignore[return-value]  # a contract object, shown as the derived type


def _field_is_known(asked: contracts.SubmitCorrection) -> None:
    """Of a record of any service: its contract says which fields there are."""
    contract = kinds.BY_PREFIX[asked.record_id.partition("_")[0]].contract
    if asked.field is not None and annotation_at(contract, asked.field) is None:
        raise Refused(
            "UNKNOWN_FIELD",
            pl=f"Ten zapis ({contract.__name__}) nie ma pola „{asked.field}”; podaj nazwę ze schematu albo pomiń ją.",
            en=f'This record ({contract.__name__}) has no field "{asked.field}"; give a name of the schema, or none.',
            field="field",
        )


submit_correction = command(
    kinds.CORRECTIONS,
    contracts.SubmitCorrection,
    references={"record_id": None},
    open_to_visitors=True,
    check=_field_is_known,
)
decide_correction = command(kinds.CORRECTIONS, contracts.DecideCorrection)
