"""Practices as the registry stores them, and by which keys they are found."""

from shared.contracts.practices import Practice
from shared.polish import fold, sort_key, stems
from shared.store.port import Collection, Key


class StoredPractice(Practice, frozen=True, kw_only=True):
    """With what is never sent: who put it forward (the subject of a token)."""

    submitted_by: str | None = None


PRACTICES = Collection(
    "practices",
    StoredPractice,
    "prc",
    keys={
        "created": Key(lambda p: p.created_at),
        "title": Key(lambda p: sort_key(p.title)),
        "roots": Key(lambda p: stems(" ".join((p.title, p.text, *p.tags))), multi=True, edition=1),
        "kind": Key(lambda p: p.kind),
        "status": Key(lambda p: p.status),
        "submitted_by": Key(lambda p: p.submitted_by),
        "fields": Key(lambda p: p.fields, multi=True),
        "tags": Key(lambda p: [fold(tag) for tag in p.tags], multi=True),
        "organization_ids": Key(lambda p: p.organization_ids, multi=True),
        "project_ids": Key(lambda p: p.project_ids, multi=True),
        "agreement_ids": Key(lambda p: p.agreement_ids, multi=True),
        "district_ids": Key(lambda p: p.district_ids, multi=True),
    },
    orders=("-created", "title"),
)
