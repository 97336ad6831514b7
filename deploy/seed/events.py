"""Invented entries of the calendar, from a year before the given day until a year after it."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from deploy.seed.organizations import GENERATED
from deploy.seed.records import SEEDED_AT
from deploy.seed.words import POSTAL_CODES, STREETS
from shared.clock import WARSAW, midnight
from shared.contracts.base import Address
from shared.contracts.events import Event, EventKind, EventStatus

_TITLES: tuple[tuple[EventKind, str], ...] = (
    (EventKind.MEETING, "Spotkanie informacyjne dla organizacji"),
    (EventKind.WORKSHOP, "Warsztaty rękodzieła"),
    (EventKind.WORKSHOP, "Warsztaty pisania wniosków"),
    (EventKind.SEMINAR, "Seminarium o wolontariacie"),
    (EventKind.FORUM, "Forum organizacji dzielnicy"),
    (EventKind.PICNIC, "Piknik sąsiedzki"),
    (EventKind.GALA, "Gala wolontariatu"),
    (EventKind.CAMPAIGN, "Zbiórka książek dla świetlic"),
    (EventKind.COMPETITION, "Turniej szachowy"),
    (EventKind.COMPETITION, "Konkurs plastyczny"),
    (EventKind.TRAINING, "Szkolenie z pierwszej pomocy"),
    (EventKind.TRAINING, "Szkolenie z rozliczania dotacji"),
    (EventKind.OTHER, "Dzień otwarty"),
)
_FOR_WHOM = ("dla dzieci", "dla młodzieży", "dla seniorów", "dla rodzin", "dla wszystkich")
_VENUES = ("Świetlica osiedlowa", "Dom kultury", "Sala konferencyjna", "Biblioteka", "Hala sportowa", "Park miejski")


def events(
    count: int,
    seed: int,
    today: date,
    organizers: Callable[[random.Random], str],
    districts: Sequence[str],
    new_id: Callable[[str], str],
) -> Iterator[Event]:
    chance = random.Random(f"events:{seed}")  # noqa: S311 - invented data, not secrets
    for _ in range(count):
        kind, title = chance.choice(_TITLES)
        day = today + timedelta(days=chance.randint(-365, 365))
        all_day = kind is EventKind.CAMPAIGN
        if all_day:
            starts, ends = midnight(day), midnight(day + timedelta(days=chance.randint(1, 7)))
        else:
            starts = datetime.combine(day, time(chance.randint(9, 18), chance.choice((0, 30))), tzinfo=WARSAW)
            ends = starts + timedelta(minutes=chance.choice((60, 90, 120, 240)))
        yield Event(
            id=new_id("evt"),
            version=1,
            created_at=SEEDED_AT,
            updated_at=SEEDED_AT,
            title=f"{title} {chance.choice(_FOR_WHOM)}",
            kind=kind,
            status=EventStatus.CANCELLED if chance.random() < 0.03 else EventStatus.SCHEDULED,
            starts_at=starts,
            ends_at=ends,
            all_day=all_day,
            venue=chance.choice(_VENUES),
            address=Address(
                street=chance.choice(STREETS),
                building=str(chance.randint(1, 140)),
                postal_code=chance.choice(POSTAL_CODES),
                city="Częstochowa",
            ),
            organizer_ids=(organizers(chance),),
            district_ids=(chance.choice(districts),) if chance.random() < 0.7 else (),
            source=GENERATED,
        )
