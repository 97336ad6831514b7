"""Who may put forward, change, publish and reject a practice, and who may see it; pure decisions, no store."""

from services.registry.practices.collections import StoredPractice
from shared.contracts.people import Role, Viewer
from shared.contracts.practices import PracticeStatus
from shared.contracts.refusals import Refused

REVIEWERS = (Role.MODERATOR, Role.EDITOR)
_SUBMITTERS = (Role.RESIDENT, Role.REPRESENTATIVE, Role.PARTNER, Role.ANIMATOR, Role.OFFICIAL, *REVIEWERS)


def may_submit(viewer: Viewer) -> None:
    if not viewer.has(*_SUBMITTERS):
        raise _forbidden(
            "Praktyki i pomysły zgłaszają mieszkańcy, organizacje, partnerzy, animatorzy i urząd.",
            "Practices and ideas are put forward by residents, organisations, partners, animators and the office.",
        )


def may_review(viewer: Viewer) -> None:
    if not viewer.has(*REVIEWERS):
        raise _forbidden(
            "O praktykach i pomysłach decyduje moderator albo redaktor.",
            "Practices and ideas are decided on by a moderator or an editor.",
        )


def may_change(viewer: Viewer, practice: StoredPractice) -> None:
    """Its submitter until it is decided on; moderators and editors later, too."""
    own = practice.submitted_by is not None and practice.submitted_by == viewer.subject
    if viewer.has(*REVIEWERS) or (own and practice.status is PracticeStatus.SUBMITTED):
        return
    raise _forbidden(
        "Zgłoszenie zmienia jego autor, zanim zapadnie decyzja, a także moderator albo redaktor.",
        "A submission is changed by its author until it is decided on, or by a moderator or an editor.",
    )


def may_see(practice: StoredPractice, viewer: Viewer | None) -> bool:
    if practice.status is PracticeStatus.PUBLISHED:
        return True
    return viewer is not None and (viewer.has(*REVIEWERS) or practice.submitted_by == viewer.subject)


def is_submitted(practice: StoredPractice) -> None:
    if practice.status is not PracticeStatus.SUBMITTED:
        raise Refused(
            "NOT_SUBMITTED",
            pl=f"Opublikować można tylko zgłoszenie, które czeka na decyzję; to ma stan {practice.status}.",
            en=f"Only what waits for a decision can be published; this is {practice.status}.",
            field="id",
            status=409,
        )


def is_not_rejected(practice: StoredPractice) -> None:
    if practice.status is PracticeStatus.REJECTED:
        raise Refused(
            "ALREADY_REJECTED",
            pl="To zgłoszenie już odrzucono; zgłoś je od nowa.",
            en="This was rejected already; put it forward anew.",
            field="id",
            status=409,
        )


def _forbidden(pl: str, en: str) -> Refused:
    return Refused("FORBIDDEN", pl=pl, en=en, status=403)
