"""When an error report must be decided, by whom, and whether it can be applied; pure decisions, no store."""

from datetime import date

from services.registry.corrections.collections import StoredCorrection
from services.registry.law.rules import Provision
from services.registry.organisations.rules import REVIEWERS, STAFF
from shared.clock import working_day_after
from shared.contracts.corrections import CorrectionStatus, DecideCorrection
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.service.writing import version_is_current


def decide_by(received_on: date, term: Provision) -> date:
    """The last day to decide: so many working days after the day of receipt, which is not counted itself."""
    return working_day_after(received_on, term.value)


def may_see(correction: StoredCorrection, viewer: Viewer | None) -> bool:
    return viewer is not None and (viewer.has(*REVIEWERS) or viewer.subject == correction.reported_by)


def may_decide(viewer: Viewer) -> None:
    if not viewer.has(*STAFF):
        raise Refused(
            "FORBIDDEN",
            pl="O zgłoszeniu błędu decyduje pracownik urzędu albo redaktor.",
            en="Error reports are decided by an official or an editor.",
            status=403,
        )


def can_be_decided(correction: StoredCorrection, command: DecideCorrection) -> None:
    version_is_current(correction.version, command.expected_version)
    if correction.status is not CorrectionStatus.RECEIVED:
        raise Refused(
            "ALREADY_DECIDED",
            pl="O tym zgłoszeniu błędu już zdecydowano.",
            en="This error report has been decided already.",
            status=409,
        )
    if not command.accept and command.reason is None:
        raise Refused(
            "REASON_REQUIRED",
            pl="Odrzucenie zgłoszenia błędu wymaga uzasadnienia.",
            en="The rejection of an error report needs a reason.",
            field="reason",
        )
    if not command.accept and command.apply:
        raise Refused(
            "CANNOT_APPLY",
            pl="Odrzuconego zgłoszenia nie wprowadza się do rejestru; pomiń „apply”.",
            en="A rejected report changes nothing; leave out `apply`.",
            field="apply",
        )
