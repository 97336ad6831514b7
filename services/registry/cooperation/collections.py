"""Records of cooperation, and by which keys they are found."""

from datetime import date

from shared.contracts.cooperation import Cooperation, CooperationForm
from shared.store.port import Collection, Key

# a day that nobody knows leaves the period open on that side
COOPERATIONS = Collection(
    "cooperations",
    Cooperation,
    "coo",
    keys={
        "since": Key(lambda c: c.period.first or date.min),
        "until": Key(lambda c: c.period.last or date.max),
        "taking_part": Key(lambda c: (c.authority_id, *c.organization_ids), multi=True),
        "form": Key(lambda c: c.form),
        "financial": Key(lambda c: c.form is CooperationForm.COMMISSIONED_TASK),
        "mode": Key(lambda c: c.mode),
        "district_ids": Key(lambda c: c.district_ids, multi=True),
        "project_id": Key(lambda c: c.project_id),
    },
    orders=("-since",),
)
