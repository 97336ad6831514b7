"""A joint offer is made by all its organisations: each has a say, for it counts whole against the cap of each."""

from services.registry.grants import rules
from services.registry.grants.collections import organizations
from services.registry.law.rules import ACT
from services.registry.organisations.rules import represented, represents
from shared.contracts.grants import ConfirmSmallGrant, SmallGrant, SmallGrantStatus, SubmitSmallGrant
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused
from shared.service.writing import version_is_current


def with_the_offer(viewer: Viewer, command: SubmitSmallGrant) -> tuple[str, ...]:
    """For whom a joint offer is made at once: whom the viewer represents; on paper, the one that speaks for them."""
    if not command.partner_ids:
        return ()
    mine = represented(viewer)
    if viewer.has(*rules.STAFF):
        mine |= {command.organization_id}
    return tuple(id_ for id_ in (command.organization_id, *command.partner_ids) if id_ in mine)


def may_confirm(viewer: Viewer, organization_id: str) -> None:
    if not viewer.has(*rules.STAFF) and not represents(viewer, organization_id):
        raise Refused(
            "FORBIDDEN",
            pl="Ofertę wspólną potwierdza przedstawiciel organizacji, która ją składa; potwierdzoną na papierze "
            "wpisuje urząd.",
            en="A joint offer is confirmed by a representative of the organisation that takes part; what is confirmed "
            "on paper is entered by an official.",
            field="organizationId",
            status=403,
        )


def can_be_confirmed(grant: SmallGrant, command: ConfirmSmallGrant) -> None:
    version_is_current(grant.version, command.expected_version)
    # published, too: offers that were published before anybody was asked
    rules.has_status(grant, SmallGrantStatus.RECEIVED, SmallGrantStatus.PUBLISHED)
    if not grant.partner_ids or command.organization_id not in organizations(grant):
        raise Refused(
            "NOT_A_PARTNER",
            pl="Tej oferty wspólnej ta organizacja nie składa; potwierdzają ją tylko te, które są w niej wymienione.",
            en="This organisation does not make this joint offer; only those named in it confirm it.",
            field="organizationId",
        )
    if command.organization_id in grant.confirmed_ids:
        raise Refused(
            "CONFIRMED_ALREADY",
            pl="Ta organizacja już potwierdziła ofertę.",
            en="This organisation has confirmed the offer already.",
            field="organizationId",
            status=409,
        )


def all_take_part(grant: SmallGrant) -> None:
    waiting = [id_ for id_ in organizations(grant) if id_ not in grant.confirmed_ids] if grant.partner_ids else []
    if waiting:
        raise Refused(
            "PARTNERS_NOT_CONFIRMED",
            pl=f"Oferty wspólnej nie potwierdziły jeszcze: {', '.join(waiting)}. Każda robi to przez confirmSmallGrant "
            "(albo urząd, gdy ma to na papierze); która nie chce, wycofuje ofertę.",
            en=f"The joint offer is not confirmed yet by {', '.join(waiting)}. Each does so with confirmSmallGrant (or "
            "an official who has it on paper); one that does not want to withdraws the offer.",
            legal_basis=f"art. 14 ust. 2 {ACT}",
            status=409,
        )
