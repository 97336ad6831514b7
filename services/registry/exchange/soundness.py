"""What a row makes of a record must be what an update could have made of it: the same rules, told as errors of the row.

Otherwise a record would come in that its own organisation could not change any more.
"""

from collections.abc import Callable, Iterator

import msgspec

from services.registry.amendments import rules
from services.registry.exchange.protocol import Row
from services.registry.exchange.reading import RowRefused, error
from services.registry.organisations.collections import StoredOrganization
from shared.contracts.explain import explain
from shared.contracts.personal import FOUND, holds_personal_number
from shared.contracts.refusals import Refused


def is_sound(row: Row, known: StoredOrganization | None, written: StoredOrganization) -> None:
    """Every rule that the row breaks is told, not only the first. Raises RowRefused."""
    errors = [
        error(row, refused.field, refused.code, refused.pl, refused.en)
        for refused in _refusals(_checks(known, written))
    ]
    if known is None and holds_personal_number(written.id.partition("_")[2]):
        # an id means nothing, so a new one need not be this one; what is in the register keeps its own
        errors.append(error(row, "id", "INVALID_INPUT", *explain(FOUND)))
    if errors:
        raise RowRefused(*errors)


def _checks(known: StoredOrganization | None, written: StoredOrganization) -> Iterator[Callable[[], None]]:
    """What stood in the record before is not this row's, so that one old fault does not keep a file's others out."""
    new = {
        field.name: value
        for field in msgspec.structs.fields(written)
        if (value := getattr(written, field.name)) is not None
        and (known is None or getattr(known, field.name) != value)
    }
    yield lambda: rules.numbers_are_valid(new)
    yield lambda: rules.is_no_relative_of_itself(written.id, new)
    yield lambda: rules.hours_are_in_order(new.get("contact_points") or ())
    if new.keys() & {"public_benefit_since", "public_benefit_until"}:
        yield lambda: rules.benefit_ends_after_it_began(written)


def _refusals(checks: Iterator[Callable[[], None]]) -> Iterator[Refused]:
    for check in checks:
        try:
            check()
        except Refused as refused:
            yield refused
