"""The invented records: the published proportions, valid and unique numbers, the same bytes for the same arguments."""

import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from stdnum.pl import nip, regon

from deploy.seed.generate import generate
from deploy.seed.organizations import GENERATED
from deploy.seed.proportions import PUBLISHED
from deploy.seed.records import KINDS, line_of
from shared.clock import deadline
from shared.contracts.base import Entity
from shared.contracts.consultations import Consultation, ConsultationStatus, Document, Remark, RemarkStatus
from shared.contracts.events import Event
from shared.contracts.organisations import LegalForm, Organization

TODAY = date(2025, 6, 2)
RECORDS = list(generate(total=931, seed=7, on=TODAY))
ORGANIZATIONS = [entity for _, entity in RECORDS if isinstance(entity, Organization)]


def generated[E: Entity](type_: type[E]) -> list[E]:
    return [e for _, e in RECORDS if isinstance(e, type_) and getattr(e, "source", None) == GENERATED]


def run(out: Path, *arguments: str) -> bytes:
    command = [sys.executable, "-m", "deploy.seed.generate", "--today", "2025-06-02", "--out", str(out), *arguments]
    subprocess.run(command, check=True, capture_output=True)
    return out.read_bytes()


def test_the_proportions_are_those_published() -> None:
    forms = Counter(organization.legal_form for organization in ORGANIZATIONS)
    assert forms.total() == 931
    assert {form: forms[form] for form in PUBLISHED} == {
        LegalForm.FOUNDATION: 223,
        LegalForm.ASSOCIATION: 37,
        LegalForm.VOLUNTEER_FIRE_BRIGADE: 20,
        LegalForm.FIRE_BRIGADE_UNION: 3,
        LegalForm.SPORTS_CLUB: 47,
        LegalForm.STUDENT_SPORTS_CLUB: 73,
        LegalForm.SOCIAL_COOPERATIVE: 14,
    }
    assert sum(organization.public_benefit for organization in ORGANIZATIONS) == 78


@pytest.mark.parametrize("total", [100, 1_000, 5_000])
def test_other_sizes_are_exact_too(total: int) -> None:
    organizations = [e for _, e in generate(total=total, seed=1, on=TODAY) if isinstance(e, Organization)]
    assert len(organizations) == total
    forms = Counter(organization.legal_form for organization in organizations)
    if total > 931:
        assert all(abs(forms[form] - count * total / 931) <= 0.5 for form, count in PUBLISHED.items())
    assert abs(sum(organization.public_benefit for organization in organizations) - 78 * total / 931) <= 0.5


def test_a_size_below_the_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 100"):
        next(entity for _, entity in generate(total=99, seed=1, on=TODAY))


@pytest.mark.parametrize("seed", [1, 2])
def test_identifiers_are_valid_and_unique(seed: int) -> None:
    organizations = [e for _, e in generate(total=5_000, seed=seed, on=TODAY) if isinstance(e, Organization)]
    for numbers, valid in (
        ([o.nip for o in organizations if o.nip], nip.is_valid),
        ([o.regon for o in organizations if o.regon], regon.is_valid),
        ([o.krs for o in organizations if o.krs], lambda number: len(number) == 10 and number.isdecimal()),
    ):
        assert len(numbers) > 1_500
        assert len(numbers) == len(set(numbers))
        assert all(valid(number) for number in numbers)


def test_names_are_unique_at_the_real_size() -> None:
    assert not [name for name, count in Counter(o.name for o in ORGANIZATIONS).items() if count > 1]


def test_ids_are_unique_and_references_resolve() -> None:
    ids = [entity.id for _, entity in RECORDS]
    assert len(ids) == len(set(ids))
    known = set(ids)
    for organization in generated(Organization):
        assert set(organization.district_ids) <= known
    for consultation in generated(Consultation):
        assert {*consultation.organizer_ids, *consultation.district_ids} <= known
    for event in generated(Event):
        assert {*event.organizer_ids, *event.district_ids} <= known
        assert event.starts_at is not None
        assert event.ends_at is not None
        assert event.starts_at < event.ends_at
    anchors = {
        anchor: document.id
        for document in generated(Document)
        for section in document.sections
        for anchor in (section.id, *(paragraph.id for paragraph in section.paragraphs))
    }
    for remark in generated(Remark):
        assert anchors[remark.anchor_id or ""] == remark.document_id
        assert {remark.consultation_id, remark.document_id, remark.organization_id} - {None} <= known


def test_consultations_are_past_open_and_to_come() -> None:
    assert sum(isinstance(entity, Consultation) for _, entity in RECORDS) == 200
    assert sum(isinstance(entity, Event) for _, entity in RECORDS) == 1_000
    remarks = Counter(remark.consultation_id for remark in generated(Remark))
    stages = Counter[str]()
    for consultation in generated(Consultation):
        opens, closes, until = consultation.opens_on, consultation.closes_on, consultation.remarks_until
        assert opens is not None
        assert closes is not None
        assert until == deadline(closes)
        assert (consultation.status is ConsultationStatus.CLOSED) == (until < TODAY)
        assert remarks[consultation.id] <= 10
        if opens > TODAY:
            assert remarks[consultation.id] == 0
        stages["past" if until < TODAY else "future" if opens > TODAY else "open"] += 1
    assert min(stages["past"], stages["open"], stages["future"]) >= 39
    received = {r.consultation_id for r in generated(Remark) if r.status is RemarkStatus.RECEIVED}
    assert received <= {c.id for c in generated(Consultation) if c.status is ConsultationStatus.OPEN}
    assert all(r.received_on and r.received_on <= TODAY for r in generated(Remark))


def test_every_line_is_a_valid_entity() -> None:
    for collection, entity in RECORDS:
        sent = msgspec.json.decode(line_of(collection, entity), type=dict[str, Any])["entity"]
        assert msgspec.convert(sent, KINDS[collection].type) == entity


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first = run(tmp_path / "1", "--seed", "3")
    assert run(tmp_path / "2", "--seed", "3") == first
    assert run(tmp_path / "3", "--seed", "4") != first


def test_memory_does_not_grow_with_size(tmp_path: Path) -> None:
    # The peak of a process that makes forty times as many is hardly higher.
    peak = (
        "import resource, sys; from deploy.seed.generate import main;"
        "main(); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    peaks = []
    for size in ("500", "20000"):
        counts = ["--organizations", size, "--consultations", "20", "--events", "20"]
        command = [sys.executable, "-c", peak, *counts, "--out", str(tmp_path / size)]
        ran = subprocess.run(command, check=True, capture_output=True, text=True)
        peaks.append(int(ran.stderr.split()[-1]))
    assert (tmp_path / "20000").stat().st_size > 15 * (tmp_path / "500").stat().st_size > 0
    assert peaks[1] - peaks[0] < 4_000  # KiB; the lines themselves are some 20 MB
