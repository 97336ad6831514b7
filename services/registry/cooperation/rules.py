"""Who may record a cooperation, and what belongs to which form; pure decisions, no store."""

from datetime import date

from shared.contracts.agreements import Agreement
from shared.contracts.cooperation import Cooperation, CooperationForm, RecordCooperation
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused


def may_keep(viewer: Viewer) -> None:
    if not viewer.has(Role.OFFICIAL):
        raise Refused(
            "FORBIDDEN",
            pl="Współpracę zapisuje pracownik urzędu.",
            en="Cooperation is recorded by an official.",
            status=403,
        )


def a_task_has_a_mode(command: RecordCooperation) -> None:
    """A commissioned task is entrusted or supported; nothing else is."""
    is_task = command.form is CooperationForm.COMMISSIONED_TASK
    if is_task and command.mode is None:
        raise Refused(
            "MODE_REQUIRED",
            pl="Zadanie zleca się przez powierzenie albo wspieranie: podaj tryb.",
            en="A task is commissioned by entrusting or by supporting it: give the mode.",
            field="mode",
            legal_basis="art. 5 ust. 4 ustawy o działalności pożytku publicznego i o wolontariacie",
        )
    if not is_task and (command.mode is not None or command.agreement_id is not None):
        raise Refused(
            "ONLY_OF_A_TASK",
            pl="Tryb i umowa należą do zlecenia zadania; przy innej formie współpracy je pomiń.",
            en="Mode and agreement belong to a commissioned task; leave them out for another form.",
            field="mode" if command.mode is not None else "agreementId",
        )


def nobody_twice(command: RecordCooperation) -> None:
    ids = (command.authority_id, *command.organization_ids)
    for place, id_ in enumerate(command.organization_ids):
        if id_ in ids[: place + 1]:
            raise Refused(
                "PARTICIPANT_TWICE",
                pl="Ten podmiot jest już wymieniony; wpisz każdy raz.",
                en="This body is named already; name each once.",
                field=f"organizationIds.{place}",
            )


def is_its_agreement(command: RecordCooperation, agreement: Agreement) -> None:
    """The agreement that is named is on this task: of the same organisations, in the same mode."""
    if set(agreement.organization_ids) != set(command.organization_ids) or agreement.mode is not command.mode:
        raise Refused(
            "ANOTHER_AGREEMENT",
            pl="Ta umowa jest innych organizacji albo w innym trybie; wskaż właściwą.",
            en="This agreement is of other organisations or in another mode; name the right one.",
            field="agreementId",
        )


def has_not_ended(cooperation: Cooperation, today: date) -> None:
    """One whose last day is only planned can still end earlier."""
    if cooperation.period.until is not None and cooperation.period.until <= today:
        raise Refused(
            "COOPERATION_ENDED",
            pl=f"Ta współpraca zakończyła się {cooperation.period.until}.",
            en=f"This cooperation ended on {cooperation.period.until}.",
            field="id",
            status=409,
        )
