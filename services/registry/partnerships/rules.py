"""Who may sign, join, leave and end a partnership, and when; pure decisions, no store."""

from datetime import date

from shared.contracts.partnerships import (
    MemberKind,
    Membership,
    NewMember,
    Partnership,
    PartnershipKind,
    SignPartnership,
)
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.polish import fold

BROUGHT_MAX = 50


def may_keep(viewer: Viewer) -> None:
    """Partnerships are kept by officials."""
    if not viewer.has(Role.OFFICIAL):
        raise Refused(
            "FORBIDDEN",
            pl="Partnerstwa zapisuje i kończy pracownik urzędu.",
            en="Partnerships are entered and ended by an official.",
            status=403,
        )


def may_speak(viewer: Viewer) -> None:
    """Asked before anything is looked up; for whom a representative may speak is asked when the member is known."""
    if not viewer.has(Role.OFFICIAL, Role.REPRESENTATIVE):
        raise Refused(
            "FORBIDDEN",
            pl="Członkostwo zapisuje pracownik urzędu albo przedstawiciel organizacji.",
            en="Memberships are entered by an official, or by a representative of the organisation.",
            status=403,
        )


def may_speak_for(viewer: Viewer, organization_id: str | None) -> None:
    """An official for anybody, a representative for the own organisation."""
    if viewer.has(Role.OFFICIAL):
        return
    if not viewer.has(Role.REPRESENTATIVE) or organization_id not in viewer.organization_ids:
        raise Refused(
            "FORBIDDEN",
            pl="Członkostwo zapisuje pracownik urzędu albo przedstawiciel tej właśnie organizacji.",
            en="Memberships are entered by an official, or by a representative of that very organisation.",
            status=403,
        )


def fits_its_kind(command: SignPartnership) -> None:
    """A local partnership is of a district, a sectoral one of a field of activity."""
    local = command.kind is PartnershipKind.LOCAL
    if local and command.district_id is None:
        raise Refused(
            "DISTRICT_REQUIRED",
            pl="Partnerstwo lokalne działa w dzielnicy: podaj ją.",
            en="A local partnership is of a district: name it.",
            field="districtId",
        )
    if not local and command.field is None:
        raise Refused(
            "FIELD_REQUIRED",
            pl="Partnerstwo branżowe działa w jednej ze sfer: podaj ją.",
            en="A sectoral partnership is of a field of activity: name it.",
            field="field",
        )


def member_is_told(member: NewMember, at: str) -> None:
    """An organisation by id; an institution by id or name; persons by role or count, and by nothing else."""
    told = {
        name
        for name, value in (
            ("organizationId", member.organization_id),
            ("name", member.name),
            ("role", member.role),
            ("count", member.count or None),
        )
        if value is not None
    }
    match member.kind:
        case MemberKind.ORGANIZATION:
            right, pl, en = (
                told == {"organizationId"},
                "organizację: samym identyfikatorem",
                "an organisation by its id",
            )
        case MemberKind.INSTITUTION:
            right = told in ({"organizationId"}, {"name"})
            pl, en = "instytucję: identyfikatorem albo nazwą", "an institution by its id or its name"
        case MemberKind.PERSON:
            right = bool(told) and told <= {"role", "count"}
            pl, en = "osoby: rolą lub liczbą, nigdy nazwiskiem", "persons by role or count, never by name"
    if not right:
        raise Refused("MEMBER_UNCLEAR", pl=f"Wskaż {pl}.", en=f"Name {en}.", field=at)


def stands(partnership: Partnership) -> None:
    if partnership.ended_on is not None:
        raise Refused(
            "PARTNERSHIP_ENDED",
            pl=f"To partnerstwo zakończyło się {partnership.ended_on}.",
            en=f"This partnership ended on {partnership.ended_on}.",
            field="id",
            status=409,
        )


def joins_while_it_stands(partnership: Partnership, joined_on: date) -> None:
    """Nobody joins before the signing or after the end."""
    if partnership.signed_on is not None and joined_on < partnership.signed_on:
        raise Refused(
            "JOINED_BEFORE_SIGNING",
            pl=f"Partnerstwo podpisano {partnership.signed_on}; nikt nie mógł przystąpić wcześniej.",
            en=f"The partnership was signed on {partnership.signed_on}; nobody could join before.",
            field="joinedOn",
        )
    if partnership.ended_on is not None and joined_on > partnership.ended_on:
        raise Refused(
            "JOINED_AFTER_END",
            pl=f"Partnerstwo zakończyło się {partnership.ended_on}; nikt nie może przystąpić później.",
            en=f"The partnership ended on {partnership.ended_on}; nobody can join after.",
            field="joinedOn",
        )


def is_no_double(memberships: tuple[Membership, ...], member: NewMember, joined_on: date, at: str) -> None:
    """No member twice at one time. An unknown day of leaving does not keep anybody from joining again."""
    for other in memberships:
        gone = other.left_as_written is not None and other.left_on is None
        if _same(other, member) and not gone and (other.left_on is None or joined_on <= other.left_on):
            raise Refused(
                "ALREADY_MEMBER",
                pl="Ten członek już jest w partnerstwie w tym czasie.",
                en="This member is in the partnership at that time already.",
                field=at,
                status=409,
            )


def _same(membership: Membership, member: NewMember) -> bool:
    if member.kind is MemberKind.PERSON:
        # nobody knows who they are: two residents are two
        return False
    if member.organization_id is not None:
        return membership.organization_id == member.organization_id
    return bool(membership.name and member.name) and fold(membership.name or "") == fold(member.name or "")


def leaves_after_joining(membership: Membership, left_on: date) -> None:
    """Once, and not before joining."""
    if membership.over:
        raise Refused(
            "ALREADY_LEFT",
            pl="To członkostwo już się zakończyło.",
            en="This membership is over already.",
            field="membershipId",
            status=409,
        )
    if membership.joined_on is not None and left_on < membership.joined_on:
        raise Refused(
            "LEFT_BEFORE_JOINING",
            pl=f"Ten członek przystąpił {membership.joined_on}; nie mógł wystąpić wcześniej.",
            en=f"This member joined on {membership.joined_on} and cannot have left before.",
            field="leftOn",
        )


def brings_while_a_member(membership: Membership, since: date) -> None:
    """A member brings something from its joining on, until it leaves."""
    if membership.over or (membership.joined_on is not None and since < membership.joined_on):
        raise Refused(
            "NOT_A_MEMBER_THEN",
            pl="Ten członek nie był wtedy w partnerstwie; podaj dzień, w którym w nim jest.",
            en="This member was not in the partnership then; give a day on which it is.",
            field="since",
        )


def brings_so_much(membership: Membership) -> None:
    if len(membership.contributions) >= BROUGHT_MAX:
        raise Refused(
            "TOO_MUCH_BROUGHT",
            pl=f"Jeden członek wnosi najwyżej {BROUGHT_MAX} zasobów; połącz je w mniej pozycji.",
            en=f"One member brings at most {BROUGHT_MAX} resources; put them together.",
            field="resource",
        )


def ends_last(partnership: Partnership, ended_on: date) -> None:
    """Not before the signing, nor before anybody joined or left."""
    days = [d for m in partnership.memberships for d in (m.joined_on, m.left_on) if d is not None]
    latest = max([*days, *([partnership.signed_on] if partnership.signed_on else [])], default=None)
    if latest is not None and ended_on < latest:
        raise Refused(
            "ENDED_TOO_EARLY",
            pl=f"Partnerstwo działało jeszcze {latest}: wtedy je podpisano albo zmienił się jego skład.",
            en=f"The partnership still stood on {latest}: it was signed then, or its members changed.",
            field="endedOn",
        )
