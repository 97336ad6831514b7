"""A joint offer, in a call or without one, is made by all its organisations: each has a say before it goes on."""

from collections.abc import Sequence

from services.registry.calls.rules import STAFF
from services.registry.law.rules import ACT
from services.registry.organisations.rules import represented, represents
from shared.contracts.people import Viewer
from shared.contracts.refusals import Refused


def with_the_offer(viewer: Viewer, organization_ids: Sequence[str]) -> tuple[str, ...]:
    """For whom a joint offer is made at once: whom the viewer represents; on paper, the first, which hands it in."""
    if len(organization_ids) == 1:
        return ()
    mine = represented(viewer)
    if viewer.has(*STAFF):
        mine |= {organization_ids[0]}
    return tuple(id_ for id_ in organization_ids if id_ in mine)


def may_confirm(viewer: Viewer, organization_id: str) -> None:
    if not viewer.has(*STAFF) and not represents(viewer, organization_id):
        raise Refused(
            "FORBIDDEN",
            pl="Ofertę wspólną potwierdza przedstawiciel organizacji, która ją składa; potwierdzoną na papierze "
            "wpisuje urząd.",
            en="A joint offer is confirmed by a representative of the organisation that takes part; what is confirmed "
            "on paper is entered by an official.",
            field="organizationId",
            status=403,
        )


def is_asked(organization_id: str, organization_ids: Sequence[str], confirmed_ids: Sequence[str]) -> None:
    if len(organization_ids) == 1 or organization_id not in organization_ids:
        raise Refused(
            "NOT_A_PARTNER",
            pl="Tej oferty wspólnej ta organizacja nie składa; potwierdzają ją tylko te, które są w niej wymienione.",
            en="This organisation does not make this joint offer; only those named in it confirm it.",
            field="organizationId",
        )
    if organization_id in confirmed_ids:
        raise Refused(
            "CONFIRMED_ALREADY",
            pl="Ta organizacja już potwierdziła ofertę.",
            en="This organisation has confirmed the offer already.",
            field="organizationId",
            status=409,
        )


def all_take_part(organization_ids: Sequence[str], confirmed_ids: Sequence[str], command: str) -> None:
    """`command` is the one by which they confirm."""
    waiting = [id_ for id_ in organization_ids if id_ not in confirmed_ids] if len(organization_ids) > 1 else []
    if waiting:
        raise Refused(
            "PARTNERS_NOT_CONFIRMED",
            pl=f"Oferty wspólnej nie potwierdziły jeszcze: {', '.join(waiting)}. Każda robi to przez {command} "
            "(albo urząd, gdy ma to na papierze); która nie chce, wycofuje ofertę.",
            en=f"The joint offer is not confirmed yet by {', '.join(waiting)}. Each does so with {command} (or "
            "an official who has it on paper); one that does not want to withdraws the offer.",
            legal_basis=f"art. 14 ust. 2 {ACT}",
            status=409,
        )
