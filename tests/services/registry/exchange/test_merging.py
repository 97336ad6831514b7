"""What a row makes of a record: values, sources, statuses; without a store."""

from datetime import date
from typing import Any

import msgspec
import pytest

from services.registry.exchange.columns import BY_NAME, cells, record_of
from services.registry.exchange.merging import doubts, laid_over, made, provenance
from services.registry.exchange.protocol import Row
from services.registry.exchange.reading import RowRefused, values_of
from services.registry.organisations.collections import StoredOrganization
from shared.contracts.organisations import FieldSource, OrganizationStatus
from shared.ids import new_id

EARLIER, TODAY = date(2026, 1, 5), date(2026, 3, 1)
ROW = Row(number=2, set={})


def source(field: str, name: str = "submission", on: date = EARLIER, decision: str | None = None) -> FieldSource:
    return FieldSource(field=field, source=name, on=on, decision_id=decision)


def organization(**more: Any) -> StoredOrganization:
    """As an import makes it, but of any status."""
    status = OrganizationStatus(more.pop("status", "PUBLISHED"))
    given = {"id": new_id("org"), "name": "Fundacja Próba", "legalForm": "FOUNDATION", "krs": "0000000007"} | more
    new = made(ROW, values_of(ROW, given | {"provenance": more.get("provenance", [])}), "import CSV", EARLIER)
    return msgspec.structs.replace(new, status=status)


def imported(known: StoredOrganization, **set_: Any) -> StoredOrganization:
    return laid_over(ROW, known, values_of(ROW, set_), {}, "import CSV", TODAY)


def test_every_field_of_a_new_row_names_the_import_as_its_source() -> None:
    new = made(ROW, values_of(ROW, {"name": "X", "legalForm": "OTHER", "nip": "5732745883", "pkd": []}), "KRS", TODAY)
    assert {one.field for one in new.provenance} == {"name", "legalForm", "nip"}
    assert {(one.source, one.on) for one in new.provenance} == {("KRS", TODAY)}


def test_a_record_of_another_register_keeps_its_own_sources() -> None:
    told = [{"field": "name", "source": "submission", "on": "2026-01-05"}]
    new = organization(provenance=told)
    assert new.provenance == (source("name"),)


def test_a_changed_field_loses_its_old_source() -> None:
    known = organization(provenance=[{"field": "name", "source": "correction", "on": "2026-01-05"}])
    written = imported(known, name="Inna")
    assert written.provenance == (source("name", "import CSV", TODAY),)
    assert imported(written, name="Inna") is written


def test_an_edited_export_does_not_bring_the_old_source_back() -> None:
    """The provenance column of the file says where the value came from that was there before."""
    told = [{"field": "name", "source": "correction", "on": "2026-01-05"}]
    known = organization(provenance=told)
    written = imported(known, name="Inna", provenance=told)
    assert written.provenance == (source("name", "import CSV", TODAY),)
    assert imported(written, name="Inna", provenance=told) is written


def test_a_newer_source_of_another_register_is_believed() -> None:
    found = provenance((source("name"), source("nip")), (source("name", "correction", TODAY),), ["name"], "x", TODAY)
    assert set(found) == {source("name", "correction", TODAY), source("nip")}


def test_the_same_sources_in_another_order_change_nothing() -> None:
    known = (source("name"), source("nip"))
    assert provenance(known, known[::-1], [], "x", TODAY) is known


def test_a_submission_is_left_to_those_who_decide_on_it() -> None:
    waiting = organization(status="SUBMITTED")
    with pytest.raises(RowRefused) as refused:
        imported(waiting, name="Inna")
    assert refused.value.errors[0].code == "AWAITS_DECISION"
    assert waiting.id in refused.value.errors[0].pl
    assert imported(waiting, name=waiting.name) is waiting


def test_who_changes_a_corrected_value_is_warned() -> None:
    decision = new_id("cor")
    told = {"field": "name", "source": "correction", "on": "2026-01-05", "decisionId": decision}
    known = organization(provenance=[told])
    (warning,) = doubts(ROW, known, imported(known, name="Inna"))
    assert (warning.code, warning.column, decision in warning.en) == ("CORRECTION_OVERWRITTEN", "name", True)
    assert list(doubts(ROW, known, imported(known, website="https://example.org"))) == []


@pytest.mark.parametrize(
    ("form", "official", "taken"),
    [
        ("FOUNDATION", "ASSOCIATION", True),
        ("OTHER", "FOUNDATION", True),
        ("SPORTS_CLUB", "ASSOCIATION", False),  # the register says it more narrowly than the court does
        ("FOUNDATION", "OTHER", False),  # a form of the court's that has no name here
    ],
)
def test_the_legal_form_of_an_official_register_is_taken_where_it_contradicts(
    form: str, official: str, taken: bool
) -> None:
    known = organization(legalForm=form)
    row = Row(number=1, set={}, fill={"legalForm": official})
    written = laid_over(row, known, {}, values_of(row, row.fill), "KRS", TODAY)
    assert written.legal_form == (official if taken else form)
    assert [one.code for one in doubts(row, known, written)] == ["OFFICIAL_VALUE"] * taken
    assert (source("legalForm", "KRS", TODAY) in written.provenance) is taken


@pytest.mark.parametrize(
    ("official", "taken"),
    [("FUNDACJA „PRÓBA”", False), ("FUNDACJA INNA", True), ("PRÓBA", False)],
)
def test_the_name_of_an_official_register_is_taken_where_it_is_another(official: str, taken: bool) -> None:
    """It writes in capitals: that alone is no other name, nor is one that stands among the aliases."""
    known = organization(aliases=["Próba"])
    row = Row(number=1, set={}, fill={"name": official})
    written = laid_over(row, known, {}, values_of(row, row.fill), "KRS", TODAY)
    assert written.name == (official if taken else "Fundacja Próba")
    for warning in doubts(row, known, written):
        assert ("Fundacja Próba" in warning.pl, official in warning.en) == (True, True)
    assert len(list(doubts(row, known, written))) == taken


def test_an_import_brings_no_public_benefit_status_that_contradicts_its_days() -> None:
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"publicBenefit": True, "publicBenefitUntil": "2014-01-01"}, "publicBenefitUntil"),
        ({"publicBenefit": False, "publicBenefitSince": "2030-01-01"}, "publicBenefitSince"),
    )
    for set_, column in cases:
        with pytest.raises(RowRefused) as refused:
            imported(organization(), **set_)
        assert [error.column for error in refused.value.errors] == [column]


def test_a_record_whose_status_ended_meanwhile_goes_in_as_it_went_out() -> None:
    assert organization(publicBenefit=True, publicBenefitUntil="2014-01-01").public_benefit


@pytest.mark.parametrize(
    ("set_", "column", "code"),
    [
        ({"nope": 1}, "nope", "COLUMN_UNKNOWN"),
        ({"address": {"nope": "x"}}, "address.nope", "COLUMN_UNKNOWN"),
        ({"contactPoints": [{}, {"address": {"town": "x"}}]}, "contactPoints.1.address.town", "COLUMN_UNKNOWN"),
        ({"publicBenefitSince": "0001-01-01"}, "publicBenefitSince", "INVALID_INPUT"),
        ({"provenance": [{"field": "x", "source": "y", "on": "9999-12-31"}]}, "provenance.0.on", "INVALID_INPUT"),
        ({"name": None}, "name", "MISSING"),
        ({"awards": [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]}, "awards", "NESTED_TOO_DEEPLY"),
    ],
)
def test_what_no_field_has_is_an_error_of_its_row(set_: dict[str, Any], column: str, code: str) -> None:
    with pytest.raises(RowRefused) as refused:
        values_of(ROW, set_)
    (error,) = refused.value.errors
    assert (error.row, error.column, error.code) == (2, column, code)
    assert error.pl != error.en
    if code == "COLUMN_UNKNOWN":
        assert ", name" in error.pl or ", city" in error.pl  # the known ones are told


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "\n"])
@pytest.mark.parametrize("between", ["", " ", '"', ' "', "'"])
def test_no_part_of_a_cell_is_a_formula_whatever_a_spreadsheet_takes_as_separator(separator: str, between: str) -> None:
    import csv
    import io

    out = io.StringIO(newline="")
    name = f"a{separator}{between}=1+1"
    written = cells({"name": name, "description": name, "aliases": [name, "@b"]})
    csv.writer(out).writerow(written)
    for delimiter in ",;\t|":
        for row in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter):
            assert not any(cell.lstrip(' "').startswith(tuple("=+-@\t\r")) for cell in row), (delimiter, row)
    back = record_of(dict(zip(BY_NAME, written, strict=True)))
    assert (back["name"], back["description"], back["aliases"]) == (name, name, [name, "@b"])
