"""An awarded grant in the terms of the 360Giving Data Standard; pure, no store."""

from datetime import date, datetime

import msgspec

from shared.contracts.base import Record
from shared.contracts.calls import Call, Offer
from shared.contracts.grants import SmallGrant
from shared.contracts.organisations import Organization
from shared.contracts.refusals import Refused

PREFIX = "360G-jasne"
SMALL_GRANTS = "Małe granty (art. 19a)"


class Party(Record, frozen=True, kw_only=True):
    id: str
    name: str


class PlannedDates(Record, frozen=True, kw_only=True):
    start_date: date
    end_date: date


class Programme(Record, frozen=True, kw_only=True, omit_defaults=True):
    code: str | None = None
    title: str


class Award(Record, frozen=True, kw_only=True):
    """A grant, with all fields that the standard requires, and those of the others that are known."""

    id: str
    title: str
    description: str
    currency: str = "PLN"
    amount_applied_for: msgspec.Raw
    amount_awarded: msgspec.Raw
    award_date: date
    planned_dates: tuple[PlannedDates, ...]
    recipient_organization: tuple[Party, ...]
    funding_organization: tuple[Party, ...]
    grant_programme: tuple[Programme, ...]
    from_open_call: str
    date_modified: datetime


def party(organization: Organization) -> Party:
    """Under the identifier that others know it by (org-id.guide), or the register's own."""
    for scheme, number in (("KRS", organization.krs), ("REGON", organization.regon), ("NIP", organization.nip)):
        if number is not None:
            return Party(id=f"PL-{scheme}-{number}", name=organization.name)
    return Party(id=f"{PREFIX}-{organization.id}", name=organization.name)


def year_of(grant: SmallGrant) -> int:
    """The year whose plan it was granted in. Those decided before the year was noted are of the decision's."""
    return grant.budget_year or (grant.decided_on.year if grant.decided_on else 0)


def of_small_grant(grant: SmallGrant, funder: Organization, recipients: tuple[Organization, ...]) -> Award | None:
    """None where nothing was granted. A joint offer has all its organisations as recipients."""
    if grant.granted is None or grant.decided_on is None:
        return None
    return Award(
        id=f"{PREFIX}-{grant.id}",
        title=grant.title,
        description=grant.description,
        amount_applied_for=number(grant.amount),
        amount_awarded=number(grant.granted),
        award_date=grant.decided_on,
        planned_dates=(PlannedDates(start_date=grant.starts_on, end_date=grant.ends_on),),
        recipient_organization=tuple(party(one) for one in recipients),
        funding_organization=(party(funder),),
        grant_programme=(Programme(title=SMALL_GRANTS),),
        from_open_call="No",
        date_modified=grant.updated_at,
    )


def of_offer(offer: Offer, call: Call, funder: Organization, recipients: tuple[Organization, ...]) -> Award | None:
    """None where nothing was granted. A joint offer has all its organisations as recipients."""
    if offer.granted is None or offer.results_on is None:
        return None
    days = tuple(
        PlannedDates(start_date=task.starts_on, end_date=task.ends_on)
        for task in call.tasks
        if task.id == offer.task_id
    )
    return Award(
        id=f"{PREFIX}-{offer.id}",
        title=offer.content.title,
        description=offer.content.description,
        amount_applied_for=number(offer.content.grant),
        amount_awarded=number(offer.granted),
        award_date=offer.results_on,
        planned_dates=days,
        recipient_organization=tuple(party(one) for one in recipients),
        funding_organization=(party(funder),),
        grant_programme=(Programme(code=call.id, title=call.title),),
        from_open_call="Yes",
        date_modified=offer.updated_at,
    )


def nothing_awarded() -> Refused:
    """The standard has no package without a grant (`minItems: 1`): its tools would refuse such a file."""
    return Refused(
        "NO_GRANTS_AWARDED",
        pl="Nie przyznano jeszcze żadnej dotacji, a standard 360Giving nie zna pliku bez dotacji. Plik będzie od "
        "pierwszej z nich.",
        en="No grant has been awarded yet, and the 360Giving standard has no file without one. There will be a file "
        "from the first grant on.",
        status=404,
    )


def number(money: str) -> msgspec.Raw:
    """A JSON number with the very digits, which no float has touched."""
    return msgspec.Raw(money.encode())
