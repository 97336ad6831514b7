"""The seed files: they convert, everything refers to something, and they say what the city's documents say."""

import json
import re
import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from deploy.seed.records import DATA, KINDS, SERVICE_OF, SeedError, line_of, seed_records
from services.registry.projects.rules import is_sound
from shared.contracts.base import Entity
from shared.contracts.centres import Centre, CentreKind
from shared.contracts.consultations import Consultation, Document, Remark, RemarkKind, RemarkStatus
from shared.contracts.cooperation import Cooperation, CooperationForm
from shared.contracts.events import Event, EventKind
from shared.contracts.grants import TaskMode
from shared.contracts.indicators import Indicator, IndicatorName
from shared.contracts.organisations import LegalForm, Organization
from shared.contracts.projects import Project, ProjectRole
from shared.ids import id_of

DOCUMENTS = {
    "000_b5a6b74db37ec5cd.txt",
    "001_4baa94c7999392cf.txt",
    "002_4c552e58410b7986.txt",
    "003_2baf389bc9af8c65.txt",
    "004_eeea94e3151943ad.txt",
}
ID = re.compile(r"^[a-z]{3}_[0-9a-z]{26}$")
RECORDS = list(seed_records())


def of[E: Entity](type_: type[E]) -> list[E]:
    return [entity for _, entity in RECORDS if isinstance(entity, type_)]


def one[E: Entity](type_: type[E], prefix: str, slug: str) -> E:
    (found,) = [entity for entity in of(type_) if entity.id == id_of(prefix, f"seed:{slug}")]
    return found


def ids_in(value: Any) -> set[str]:
    match value:
        case dict():
            return set().union(*(ids_in(inner) for inner in value.values()))
        case list() | tuple():
            return set().union(*(ids_in(inner) for inner in value))
        case str() if ID.match(value):
            return {value}
    return set()


def own_ids(value: Any) -> set[str]:
    """Of the record itself and of the sections, paragraphs and meetings inside it."""
    if isinstance(value, dict):
        own = {value["id"]} if "id" in value else set()
        return own.union(*(own_ids(inner) for inner in value.values()))
    return set().union(*(own_ids(inner) for inner in value)) if isinstance(value, list | tuple) else set()


def test_every_line_of_every_file_is_a_record() -> None:
    lines = {path.stem: len(path.read_text(encoding="utf-8").splitlines()) for path in DATA.glob("*.jsonl")}
    assert lines == Counter(collection for collection, _ in RECORDS)
    assert set(SERVICE_OF) == set(lines)


def test_every_record_reads_back_from_its_import_line() -> None:
    for collection, entity in RECORDS:
        sent = msgspec.json.decode(line_of(collection, entity), type=dict[str, Any])["entity"]
        assert msgspec.convert(sent, KINDS[collection].type) == entity


def test_what_is_referred_to_comes_first() -> None:
    seen: set[str] = set()
    for _, entity in RECORDS:
        raw = msgspec.to_builtins(entity)
        own = own_ids(raw)
        assert not own & seen
        seen |= own
        assert ids_in(raw) <= seen, entity


def test_every_record_has_its_source_and_every_document_is_used() -> None:
    used = {json.loads(line)["source"]["document"] for path in DATA.glob("*.jsonl") for line in path.open()}
    assert used == DOCUMENTS


def test_no_private_person_is_in_the_data() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in DATA.glob("*.jsonl"))
    assert not re.search(r"Matyjaszczyk|Bileck|Cuprjak|Mikut", text)
    assert not re.search(r"(?<!\d)\d{11}(?!\d)", text)


def test_the_five_changes_agreed_in_bialystok() -> None:
    document = one(Document, "doc", "program-bialystok-2014-projekt")
    policy, culture, sport = document.sections
    assert policy.paragraphs[0].label == "ust. 29"
    assert [(r.kind, r.anchor_id, r.proposed_wording) for r in of(Remark)] == [
        (RemarkKind.RESTRUCTURE, policy.id, "zdrowie; polityka społeczna; niepełnosprawność"),
        (RemarkKind.ADD_ITEM, policy.id, "Aktywizacja osób starszych"),
        (RemarkKind.APPEND, policy.paragraphs[0].id, "oraz promowanie idei klauzuli społecznej"),
        (RemarkKind.REPLACE, culture.paragraphs[0].id, "tworzenie kolekcji dzieł sztuki"),
        (RemarkKind.ADD_ITEM, sport.id, "Wspieranie postaw tolerancyjnych poprzez sport"),
    ]
    second, _ = one(Consultation, "con", "program-bialystok-2014").meetings
    assert {(r.status, r.agreed_at_meeting_id) for r in of(Remark)} == {(RemarkStatus.AGREED, second.id)}


def test_the_meetings_in_bialystok() -> None:
    consultation = one(Consultation, "con", "program-bialystok-2014")
    second, third = consultation.meetings
    assert (second.number, second.day, second.starts_at) == (2, date(2013, 7, 26), None)
    assert [a.count for a in second.attendance] == [16, 10, 4]
    assert len(set(second.participant_ids)) == 10 + 4
    assert third.starts_at == datetime(2013, 8, 13, 10, 0, tzinfo=UTC)
    assert third.ends_at == datetime(2013, 8, 13, 13, 30, tzinfo=UTC)
    assert consultation.opens_on is consultation.closes_on is None
    assert len(consultation.goals) == 1 + 4


def test_five_cooperatives_are_founded_by_the_city() -> None:
    city = one(Organization, "org", "miasto-czestochowa")
    cooperatives = [o for o in of(Organization) if o.legal_form is LegalForm.SOCIAL_COOPERATIVE]
    assert len(cooperatives) == 5
    assert all(o.founder_ids == (city.id,) and o.services and "Jasne, że" in o.name for o in cooperatives)


def test_awards_keep_the_misprint_of_their_source() -> None:
    awards = [award for o in of(Organization) for award in o.awards]
    assert Counter(award.edition for award in awards) == {"2013": 1, "2015": 1, "2016": 1, "2020": 3}
    (misprint,) = [award for award in awards if award.edition == "2015"]
    assert misprint.name == "Klauzule społeczne na strat"
    assert misprint.note is not None
    assert "start" in misprint.note
    assert [award.rank for award in awards if award.edition != "2020"] == [1, 1, 1]


def test_one_body_under_two_names_is_one_record() -> None:
    names = Counter(name for o in of(Organization) for name in (o.name, *o.aliases))
    assert not [name for name, count in names.items() if count > 1]
    assert names["Centrum Wspierania Organizacji Pozarządowych"] == 1
    centre = one(Organization, "org", "bialystok-centrum-ngo")
    assert {centre.name, *centre.aliases} == {
        "Centrum Współpracy Organizacji Pozarządowych",
        "Centrum Wspierania Organizacji Pozarządowych",
    }


def test_the_office_hours_per_weekday() -> None:
    (office,) = one(Organization, "org", "biuro-inicjatyw").contact_points
    assert [hours.opens for hours in office.hours] == ["07:30"] * 5
    assert [hours.closes for hours in office.hours] == ["15:30", "16:00", "15:30", "15:30", "15:00"]


def test_the_centres_and_who_ran_them() -> None:
    centres = of(Centre)
    assert Counter(centre.kind for centre in centres) == {CentreKind.OSL: 6, CentreKind.DOSL: 7}
    welfare = id_of("org", "seed:mops-czestochowa")
    assert [o.organization_id for o in one(Centre, "cen", "osl-rakow").operators] == [welfare, None]
    assert [o.organization_id for o in one(Centre, "cen", "osl-stradom").operators] == [None]


def test_on_any_day_only_the_centres_that_may_have_existed() -> None:
    def stood(day: date) -> int:
        return sum(
            centre.kind is CentreKind.OSL and centre.first_day is not None and centre.first_day <= day
            for centre in of(Centre)
        )

    assert [stood(date(year, 12, 31)) for year in (2011, 2012, 2015, 2016)] == [0, 2, 2, 6]
    (run,) = one(Centre, "cen", "osl-rakow").on(date(2020, 1, 1)).operators
    assert run.organization_id is None


def test_the_forms_of_cooperation_that_the_city_names() -> None:
    records = of(Cooperation)
    assert {(one.form, one.mode) for one in records if one.mode} == {
        (CooperationForm.COMMISSIONED_TASK, TaskMode.ENTRUSTED),
        (CooperationForm.COMMISSIONED_TASK, TaskMode.SUPPORTED),
    }
    assert {one.form for one in records} == set(CooperationForm) - {CooperationForm.OTHER}
    jowes = id_of("org", "seed:jowes")
    assert {one.form for one in records if jowes in one.organization_ids} == {
        CooperationForm.ADVICE,
        CooperationForm.TRAINING,
    }


def test_jobs_are_a_number_and_no_people() -> None:
    (jobs,) = [one for one in of(Indicator) if one.name is IndicatorName.SUBSIDISED_JOBS]
    assert (jobs.value, jobs.year) == (36, None)


def test_funded_projects_show_their_note() -> None:
    projects = of(Project)
    assert len(projects) == 3
    for project in projects:
        is_sound(project)
    laboratory = one(Project, "prj", "projekt-laboratorium-obywatelskie")
    assert [each.role for each in laboratory.participants] == [*[ProjectRole.PARTNER] * 3, ProjectRole.CO_ORGANIZER]


def test_events_have_no_guessed_dates() -> None:
    visit = one(Event, "evt", "wizyta-studyjna-2014")
    assert [a.count for a in visit.attendance] == [14, 1, 2]
    assert visit.starts_at == datetime(2014, 7, 28, 22, 0, tzinfo=UTC)
    assert visit.ends_at == datetime(2014, 7, 30, 22, 0, tzinfo=UTC)
    seminar, visits = visit.sessions
    assert (seminar.minutes, len(seminar.speaker_organization_ids), len(visits.host_ids)) == (360, 4, 4)
    assert [event for event in of(Event) if event.starts_at] == [visit]
    for slug in ("forum-osl", "podpisanie-partnerstw"):
        event = one(Event, "evt", slug)
        assert (event.date_as_written, len(event.partnership_ids)) == ("30 października", 2)
    assert EventKind.CONSULTATION_MEETING not in {event.kind for event in of(Event)}


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("districts", {"name": "X"}, "districts.jsonl:13: a record .* has no slug"),
        ("districts", {"slug": "ccop", "name": "X", "city": "Y"}, "organizations.jsonl:4: slug 'ccop' is used twice"),
        ("districts", {"slug": "x", "name": "X"}, "districts.jsonl:13: .*city"),
        ("districts", {"slug": "x", "name": "", "city": "Y"}, r"districts.jsonl:13: .*\$.name"),
        ("districts", {"slug": "x", "name": "X", "city": "Y", "town": 1}, "districts.jsonl:13: District .* town"),
        ("centres", {"slug": "x", "districtId": "@nie-ma"}, "centres.jsonl:14: districtId: unknown slug 'nie-ma'"),
        ("centres", {"slug": "x", "districtId": "@ccop"}, "centres.jsonl:14: districtId: 'ccop' is a org, not a dis"),
        ("centres", {"slug": "x", "districtId": "ccop"}, "centres.jsonl:14: districtId: 'ccop' is not a reference"),
        ("events", {"slug": "x", "sessions": [{"hostIds": ["@a"]}]}, "events.jsonl:17: sessions.hostIds: unknown"),
        (
            "events",
            {"slug": "x", "title": "X", "kind": "OTHER", "sessions": [{"title": "Y", "host": 1}]},
            "events.jsonl:17: Event has no field sessions.0.host",
        ),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, file: str, line: dict[str, Any], message: str) -> None:
    data = shutil.copytree(DATA, tmp_path / "data")
    with (data / f"{file}.jsonl").open("a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")
    with pytest.raises(SeedError, match=message):
        list(seed_records(data))


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    data = shutil.copytree(DATA, tmp_path / "data")
    (data / "remarks.jsonl").write_text("{\n")
    with pytest.raises(SeedError, match=r"remarks\.jsonl:1"):
        list(seed_records(data))


def test_centres_have_legal_forms_of_their_own() -> None:
    forms = {entity.id: entity.legal_form for _, entity in seed_records() if isinstance(entity, Organization)}
    for slug, form in {
        "cis-czestochowa": LegalForm.SOCIAL_INTEGRATION_CENTRE,
        "cis-feniks": LegalForm.SOCIAL_INTEGRATION_CENTRE,
        "jowes": LegalForm.SUPPORT_CENTRE,
        "centrum-aktywnosci-seniorow": LegalForm.SENIOR_CENTRE,
    }.items():
        assert forms[id_of("org", f"seed:{slug}")] is form
