"""What of a report on another service's record can be passed on; pure decisions, no store."""

from services.registry.corrections.content import unknown_field
from shared.contracts.correcting import cannot, read_value
from shared.contracts.handovers import KEPT_ELSEWHERE, Kept
from shared.contracts.paths import annotation_at
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused


def kept_elsewhere(record_id: str) -> Kept | None:
    return KEPT_ELSEWHERE.get(record_id.partition("_")[0])


def may_pass_on(viewer: Viewer, kept: Kept) -> Role:
    """As which role."""
    role = next((role for role in kept.roles if viewer.has(role)), None)
    if role is None:
        names = ", ".join(kept.roles)
        raise Refused(
            "FORBIDDEN",
            pl=f"Ten zapis zmienia tylko rola: {names}; przyjmij zgłoszenie bez „apply” albo zostaw je tej roli.",
            en=f"This record is changed by the role {names} only; accept without `apply`, or leave it to that role.",
            field="apply",
            status=403,
        )
    return role


def can_be_passed_on(kept: Kept, field: str | None, text: str) -> str:
    """The field. Raises Refused for what the other service could only decline: it knows the same contract."""
    if field is None or field.partition(".")[0] not in kept.fields:
        fields = ", ".join(sorted(kept.fields))
        raise cannot(f"tak można zmienić tylko pola: {fields}", f"only these fields can be changed so: {fields}")
    annotation = annotation_at(kept.contract, field)
    if annotation is None:
        raise unknown_field(kept.contract, field)
    read_value(annotation, text, field)
    return field
