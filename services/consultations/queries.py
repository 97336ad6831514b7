"""How consultations are read: what each filter means. All of it is public."""

from services.consultations import collections
from shared.contracts.consultations import (
    Consultation,
    ConsultationFilter,
    Document,
    DocumentFilter,
    Remark,
    RemarkFilter,
)
from shared.contracts.people import Viewer
from shared.service.reading import Listing
from shared.store.port import Condition, Range, containing, equal


def _consultations(asked: ConsultationFilter, _: Viewer | None) -> tuple[Condition, ...]:
    days = [Range("opens_on", asked.opens_from, asked.opens_before)] if asked.opens_from or asked.opens_before else []
    return (
        *equal(status=asked.status),
        *containing(organizer_ids=asked.organizer_id, district_ids=asked.district_id),
        *days,
    )


def _documents(asked: DocumentFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return tuple(equal(consultation_id=asked.consultation_id))


def _remarks(asked: RemarkFilter, _: Viewer | None) -> tuple[Condition, ...]:
    return tuple(
        equal(
            consultation_id=asked.consultation_id,
            document_id=asked.document_id,
            anchor_id=asked.anchor_id,
            organization_id=asked.organization_id,
            kind=asked.kind,
            status=asked.status,
        )
    )


LISTINGS = (
    Listing(collections.CONSULTATIONS, Consultation, ConsultationFilter, _consultations, facets={"status": "status"}),
    Listing(collections.DOCUMENTS, Document, DocumentFilter, _documents),
    Listing(collections.REMARKS, Remark, RemarkFilter, _remarks, facets={"kind": "kind", "status": "status"}),
)
