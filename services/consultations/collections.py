"""What the consultations service stores, and by which keys it is found."""

from datetime import date

from shared.contracts.consultations import Consultation, Document, Remark
from shared.polish import sort_key
from shared.store.port import Collection, Key


class StoredRemark(Remark, frozen=True, kw_only=True):
    """With what is never sent: whose it is (the subject of a token)."""

    submitted_by: str | None = None


CONSULTATIONS = Collection(
    "consultations",
    Consultation,
    "con",
    keys={
        "title": Key(lambda c: sort_key(c.title), edition=1),
        # one that a source leaves undated comes before all others
        "opens": Key(lambda c: c.opens_on or date.min),
        "opens_on": Key(lambda c: c.opens_on),
        "status": Key(lambda c: c.status),
        "organizer_ids": Key(lambda c: c.organizer_ids, multi=True),
        "district_ids": Key(lambda c: c.district_ids, multi=True),
    },
    orders=("-opens", "title"),
)

DOCUMENTS = Collection(
    "documents",
    Document,
    "doc",
    keys={"title": Key(lambda d: sort_key(d.title), edition=1), "consultation_id": Key(lambda d: d.consultation_id)},
    orders=("title",),
)

REMARKS = Collection(
    "remarks",
    StoredRemark,
    "rem",
    keys={
        "created": Key(lambda r: r.created_at),
        "consultation_id": Key(lambda r: r.consultation_id),
        "document_id": Key(lambda r: r.document_id),
        "anchor_id": Key(lambda r: r.anchor_id),
        "organization_id": Key(lambda r: r.organization_id),
        "kind": Key(lambda r: r.kind),
        "status": Key(lambda r: r.status),
    },
    orders=("created", "-created"),
)

ALL = (CONSULTATIONS, DOCUMENTS, REMARKS)
