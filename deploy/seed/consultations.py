"""Invented consultations: past ones with decided remarks, ones open on the given day, and announced ones.

The status of an announced one is OPEN, with its first day still to come; a day decides when remarks are taken.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from deploy.seed.organizations import GENERATED
from deploy.seed.records import SEEDED_AT
from shared.clock import WARSAW, deadline
from shared.contracts.base import Entity
from shared.contracts.consultations import (
    Channel,
    Consultation,
    ConsultationStatus,
    Document,
    Meeting,
    Paragraph,
    Remark,
    RemarkKind,
    RemarkStatus,
    Section,
)

_TOPICS = (
    "Plan zagospodarowania terenów zielonych",
    "Program współpracy z organizacjami pozarządowymi",
    "Sieć dróg rowerowych",
    "Regulamin budżetu obywatelskiego",
    "Strategia rozwiązywania problemów społecznych",
    "Program ochrony powietrza",
    "Organizacja ruchu wokół szkół",
    "Rewitalizacja placów i podwórek",
    "Regulamin placów zabaw i boisk",
    "Rozkład linii autobusowych i tramwajowych",
)
_HEADINGS = ("Cele", "Zadania", "Terminy", "Finansowanie", "Współpraca", "Sprawozdania")
_WHO = ("Miasto", "Urząd Miasta", "Wydział prowadzący sprawę", "Operator programu", "Rada dzielnicy")
_WHAT = (
    "przygotowuje i ogłasza harmonogram działań",
    "zaprasza organizacje do wspólnych zadań",
    "publikuje wyniki wraz z uzasadnieniem",
    "sadzi drzewa i odnawia ławki",
    "prowadzi dyżury dla mieszkańców",
    "ogłasza konkurs ofert na zadania publiczne",
    "zbiera opinie i odpowiada na każdą z nich",
)
_WHEN = ("raz na kwartał", "do końca roku", "w ciągu 30 dni", "przed sezonem letnim", "co dwa lata", "na bieżąco")
_WORDING: dict[RemarkKind, tuple[str, Sequence[str]]] = {
    RemarkKind.COMMENT: ("Popieram ten zapis; proszę o przykłady w uzasadnieniu.", ()),
    RemarkKind.REPLACE: ("Zapis powinien być bardziej stanowczy.", ("Miasto robi to co roku i ogłasza wynik.",)),
    RemarkKind.APPEND: ("Proszę dopisać dostępność.", ("z uwzględnieniem osób z niepełnosprawnościami",)),
    RemarkKind.DELETE: ("Ten zapis powtarza ustawę.", ()),
    RemarkKind.ADD_ITEM: ("Brakuje tu zadania.", ("Wsparcie inicjatyw sąsiedzkich", "Zajęcia dla seniorów")),
    RemarkKind.RESTRUCTURE: ("Podzielić tę część według odbiorców.", ("dzieci; młodzież; dorośli; seniorzy",)),
}
_OF_SECTION = (RemarkKind.COMMENT, RemarkKind.ADD_ITEM, RemarkKind.RESTRUCTURE)
_OF_PARAGRAPH = (RemarkKind.COMMENT, RemarkKind.REPLACE, RemarkKind.APPEND, RemarkKind.DELETE)


def consultations(
    count: int,
    seed: int,
    today: date,
    organizers: Callable[[random.Random], str],
    districts: Sequence[str],
    new_id: Callable[[str], str],
) -> Iterator[tuple[str, Entity]]:
    """Each consultation, then its document, then the document's remarks."""
    chance = random.Random(f"consultations:{seed}")  # noqa: S311 - invented data, not secrets
    for number in range(count):
        # Of ten: six past, two open, two to come.
        stage = ("past", "past", "open", "past", "future", "past", "past", "open", "past", "future")[number % 10]
        opens, closes = _period(stage, today, chance)
        district = chance.choice(districts) if chance.random() < 0.6 else None
        consultation = Consultation(
            id=new_id("con"),
            version=1,
            created_at=SEEDED_AT,
            updated_at=SEEDED_AT,
            title=f"{chance.choice(_TOPICS)} na rok {closes.year + 1}",
            summary="Mieszkańcy i organizacje mogą zgłaszać uwagi do każdego ustępu projektu.",
            status=ConsultationStatus.CLOSED if stage == "past" else ConsultationStatus.OPEN,
            organizer_ids=(organizers(chance),),
            district_ids=(district,) if district else (),
            opens_on=opens,
            closes_on=closes,
            remarks_until=deadline(closes),
            channels=(Channel.ONLINE, Channel.EMAIL, Channel.OFFICE),
            meetings=tuple(_meeting(part + 1, opens, closes, chance, new_id) for part in range(chance.randint(0, 2))),
            source=GENERATED,
        )
        yield "consultations", consultation
        document = Document(
            id=new_id("doc"),
            version=1,
            created_at=SEEDED_AT,
            updated_at=SEEDED_AT,
            consultation_id=consultation.id,
            title=f"Projekt: {consultation.title}",
            sections=tuple(_section(heading, chance, new_id) for heading in _HEADINGS[: chance.randint(1, 6)]),
            source=GENERATED,
        )
        yield "documents", document
        if stage != "future":
            for _ in range(chance.randint(0, 10)):
                yield "remarks", _remark(consultation, document, min(closes, today), organizers, chance, new_id)


def _period(stage: str, today: date, chance: random.Random) -> tuple[date, date]:
    length = chance.randint(7, 45)
    match stage:
        case "past":
            opens = today - timedelta(days=chance.randint(length + 15, 1500))
        case "open":
            opens = today - timedelta(days=chance.randint(0, length - 1))
        case _:
            opens = today + timedelta(days=chance.randint(1, 180))
    return opens, opens + timedelta(days=length)


def _meeting(number: int, opens: date, closes: date, chance: random.Random, new_id: Callable[[str], str]) -> Meeting:
    day = opens + timedelta(days=chance.randint(1, (closes - opens).days - 1))
    starts = datetime.combine(day, time(chance.randint(10, 18)), tzinfo=WARSAW)
    return Meeting(
        id=new_id("mtg"),
        title="Spotkanie konsultacyjne",
        number=number,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        place="Urząd Miasta Częstochowy",
    )


def _section(heading: str, chance: random.Random, new_id: Callable[[str], str]) -> Section:
    paragraphs = tuple(
        Paragraph(
            id=new_id("pgr"),
            label=f"ust. {number}",
            text=f"{chance.choice(_WHO)} {chance.choice(_WHAT)} {chance.choice(_WHEN)}.",
        )
        for number in range(1, chance.randint(1, 6) + 1)
    )
    return Section(id=new_id("sec"), heading=heading, paragraphs=paragraphs)


def _remark(
    consultation: Consultation,
    document: Document,
    until: date,
    organizers: Callable[[random.Random], str],
    chance: random.Random,
    new_id: Callable[[str], str],
) -> Remark:
    section = chance.choice(document.sections)
    anchor_id = chance.choice([section.id, *(paragraph.id for paragraph in section.paragraphs)])
    kind = chance.choice(_OF_SECTION if anchor_id == section.id else _OF_PARAGRAPH)
    text, wordings = _WORDING[kind]
    opens = consultation.opens_on or until
    closed = consultation.status is ConsultationStatus.CLOSED
    return Remark(
        id=new_id("rem"),
        version=1,
        created_at=SEEDED_AT,
        updated_at=SEEDED_AT,
        consultation_id=consultation.id,
        document_id=document.id,
        anchor_id=anchor_id,
        kind=kind,
        text=text,
        proposed_wording=chance.choice(wordings) if wordings else None,
        status=chance.choice((RemarkStatus.AGREED, RemarkStatus.DECLINED)) if closed else RemarkStatus.RECEIVED,
        channel=chance.choice(consultation.channels),
        received_on=opens + timedelta(days=chance.randint(0, (until - opens).days)),
        organization_id=organizers(chance) if chance.random() < 0.5 else None,
        source=GENERATED,
    )
