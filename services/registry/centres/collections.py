"""Districts of the city, and its community centres. By which keys they are found."""

from collections.abc import Iterator

from services.registry.spans import marks
from shared.contracts.centres import Centre
from shared.contracts.organisations import District
from shared.polish import fold, sort_key
from shared.store.port import Collection, Key

DISTRICTS = Collection(
    "districts",
    District,
    "dis",
    keys={"name": Key(lambda d: sort_key(d.name), edition=1), "folded": Key(lambda d: fold(d.name))},
    orders=("name",),
)


def _operator_days(centre: Centre) -> Iterator[str]:
    for operator in centre.operators:
        if operator.organization_id is not None:
            yield from marks(operator.organization_id, operator.period.first, operator.period.last)


def _coverage_days(centre: Centre) -> Iterator[str]:
    for coverage in centre.coverage:
        yield from marks(coverage.district_id, coverage.period.first, coverage.period.last)


CENTRES = Collection(
    "centres",
    Centre,
    "cen",
    keys={
        "name": Key(lambda c: sort_key(c.name), edition=1),
        "kind": Key(lambda c: c.kind),
        "district_id": Key(lambda c: c.district_id),
        "coordinator_id": Key(lambda c: c.coordinator_id),
        "operator_ids": Key(
            lambda c: [operator.organization_id for operator in c.operators if operator.organization_id], multi=True
        ),
        "existed_days": Key(lambda c: tuple(marks("", c.first_day, c.last_day)), multi=True),
        "covered_ids": Key(lambda c: [coverage.district_id for coverage in c.coverage], multi=True),
        "coverage_days": Key(lambda c: tuple(_coverage_days(c)), multi=True),
        "activity_kinds": Key(lambda c: c.activity_kinds, multi=True),
        "target_group_kinds": Key(lambda c: c.target_group_kinds, multi=True),
        "ran_days": Key(lambda c: tuple(_operator_days(c)), multi=True),
    },
    orders=("name",),
)
