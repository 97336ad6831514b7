"""What anybody may propose, and no decision may apply: a correction goes by the rules and limits of a change."""

from datetime import date
from typing import Any

import msgspec
import pytest

from services.registry.centres.collections import CENTRES
from services.registry.corrections import content
from shared.contracts.centres import Centre, CentreKind
from shared.contracts.correcting import LIST_MAX
from shared.contracts.organisations import LegalForm, Organization
from shared.contracts.partnerships import Partnership, PartnershipKind
from shared.contracts.people import Role, Viewer
from shared.contracts.refusals import Refused
from shared.ids import new_id
from tests.services.registry.corrections.test_correction_rules import ADDRESS, organization
from tests.services.registry.corrections.test_corrections import decide, report
from tests.services.registry.partnerships.test_partnerships import refusal
from tests.services.registry.projects.test_projects import NOTE, project
from tests.system import System

DEEP = "[" * 5_000 + "]" * 5_000


def centre(**more: Any) -> Centre:
    one = organization()
    return Centre(
        id=new_id("cen"), version=1, created_at=one.created_at, updated_at=one.updated_at, name="OSL",
        kind=CentreKind.OSL, **more,
    )  # fmt: skip


def partnership() -> Partnership:
    one = organization()
    return Partnership(
        id=new_id("par"), version=1, created_at=one.created_at, updated_at=one.updated_at, name="Partnerstwo",
        kind=PartnershipKind.LOCAL,
    )  # fmt: skip


def lines(count: int) -> str:
    return "\n".join(f"A{number}" for number in range(count))


def applied(record: Any, field: str, text: str) -> Any:
    contract = Organization if isinstance(record, Organization) else type(record)
    return content.corrected(record, contract, field, text)[1]


@pytest.mark.parametrize(
    ("record", "field", "text"),
    [
        (organization(), "publicBenefitSince", "0001-01-01"),
        (organization(), "publicBenefitUntil", "9999-12-31"),
        (organization(), "aliases", lines(21)),
        (organization(aliases=("A",) * 20), "aliases.20", "B"),
        (organization(), "services", lines(101)),
        (organization(), "pkd", "\n".join(f"{number:02}.{number:02}.Z" for number in range(10, 99)) * 2),
        (organization(), "contactPoints.0.phones", "34 370 76 30\n" * 11),
        (organization(), "contactPoints", '[{"rooms": [' + ", ".join(['"a"'] * 21) + "]}]"),
        (centre(), "activities", lines(51)),
        (partnership(), "resources", lines(LIST_MAX + 1)),
        (project(), "funders", lines(21)),
    ],
)
def test_a_correction_is_bounded_as_a_change_is(record: Any, field: str, text: str) -> None:
    with pytest.raises(Refused) as refused:
        applied(record, field, text)
    assert (refused.value.code, refused.value.field) == ("CANNOT_APPLY", "value")


def test_at_the_bound_a_correction_is_taken() -> None:
    assert len(applied(organization(), "aliases", lines(20))) == 20
    assert len(applied(centre(), "activities", lines(50))) == 50
    assert applied(organization(), "publicBenefitSince", "1900-01-01") == date(1900, 1, 1)


def test_nothing_stands_twice_in_a_corrected_list() -> None:
    assert applied(organization(), "aliases", "B\nA\nB") == ("B", "A")
    assert applied(centre(activities=("A", "B")), "activities.1", "A") == ("A",)


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("contactPoints", '[{"name": "Biuro", "phone": ["34 370 76 30"]}]', "contactPoints.0.phone"),
        ("contactPoints.0", '{"name": "Biuro", "address": {"town": "Kłobuck"}}', "contactPoints.0.address.town"),
        ("address", '{"city": "Kłobuck", "zip": "42-100"}', "address.zip"),
        ("awards", '[{"name": "Jurajski Produkt", "year": 2016}]', "awards.0.year"),
    ],
)
def test_a_misspelt_name_in_a_value_is_refused_and_deletes_nothing(field: str, text: str, told: str) -> None:
    with pytest.raises(Refused, match="CANNOT_APPLY") as refused:
        applied(organization(), field, text)
    assert told in refused.value.pl
    assert told in refused.value.en


@pytest.mark.parametrize("text", [DEEP, '{"a":' * 2_000 + "1" + "}" * 2_000, "[" * 30 + "]" * 30])
def test_a_value_nested_too_deeply_is_refused(text: str) -> None:
    for field in ("contactPoints", "aliases", "address"):
        with pytest.raises(Refused, match="CANNOT_APPLY"):
            applied(organization(), field, text)


def test_null_empties_what_may_be_empty_and_is_no_text() -> None:
    assert applied(project(funding_note=NOTE), "fundingNote", "null") is None
    assert applied(organization(), "address.street", "null") == msgspec.structs.replace(ADDRESS, street=None)
    for field in ("name", "legalForm", "aliases", "publicBenefit"):
        with pytest.raises(Refused, match="CANNOT_APPLY"):
            applied(organization(legal_form=LegalForm.FOUNDATION), field, "null")


@pytest.mark.parametrize("role", [Role.EDITOR, Role.OFFICIAL])
def test_a_report_is_applied_by_those_who_may_change_the_record(role: Role) -> None:
    viewer = Viewer(subject="x", roles=frozenset({role}))
    for prefix, kind in content.CORRECTABLE.items():
        if role is Role.EDITOR and prefix not in ("org", "dis", "prc"):
            with pytest.raises(Refused) as refused:
                content.may_apply(viewer, kind)
            assert (refused.value.status, refused.value.field) == (403, "apply")
        else:
            content.may_apply(viewer, kind)
    assert content.CORRECTABLE["cen"].collection is CENTRES


async def test_a_correction_leaves_a_project_as_sound_as_a_change_does(city: System) -> None:
    id_ = new_id("prj")
    entity = {"id": id_, "name": "Projekt", "programme": "FIO", "funders": ["MPiPS"], "fundingNote": NOTE}
    bare = new_id("prj")
    await city.load("registry", ("projects", entity), ("projects", {"id": bare, "name": "Projkt", "programme": "FIO"}))
    for record, field, proposed, code in (
        (id_, "funders", "[]", "FUNDER_REQUIRED"),
        (id_, "fundingNote", "null", "FUNDING_NOTE_REQUIRED"),
        (bare, "funders", "MPiPS", "FUNDING_NOTE_REQUIRED"),
    ):
        made = (await report(city, record, field=field, proposed=proposed))["correction"]
        refused = await decide(city, made["id"], apply=True)
        assert [error["code"] for error in refused["errors"]] == [code]
    made = (await report(city, bare, field="name", proposed="Projekt"))["correction"]
    refused = await decide(city, made["id"], Role.EDITOR, apply=True)
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("FORBIDDEN", "apply")]
    # what is wrong with its money does not keep a misprint in its name
    assert (await decide(city, made["id"], apply=True))["correction"]["newValue"] == "Projekt"


async def test_what_is_nested_too_deeply_is_a_refusal_of_the_value(city: System) -> None:
    id_ = (await report(city, await city.organization(), field="contactPoints", proposed=DEEP))["correction"]["id"]
    refused = await decide(city, id_, apply=True)
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("CANNOT_APPLY", "value")]


async def test_what_is_over_is_not_changed_but_an_error_in_it_is_corrected(city: System) -> None:
    name = f"Fundacja {new_id('org')[4:]}"
    gone = await city.organization(name=name, status="DISSOLVED")
    body = {"id": gone, "expectedVersion": 1, "name": f"{name} A"}
    refused = await city.call("registry", "updateOrganization", body, city.token(Role.OFFICIAL))
    assert refusal(refused) == (409, "WRONG_STATUS", "id")
    assert "submitCorrection" in refused[1]["errors"][0]["message"]
    id_ = (await report(city, gone, field="name", proposed=f"{name} A"))["correction"]["id"]
    decided = await decide(city, id_, Role.EDITOR, apply=True)
    assert (decided["errors"], decided["correction"]["newValue"]) == ([], f"{name} A")

    ended = new_id("prj")
    await city.load("registry", ("projects", {"id": ended, "name": "Projkt", "endedOn": "2016-01-01"}))
    body = {"id": ended, "expectedVersion": 1, "name": "Projekt"}
    refused = await city.call("registry", "changeProject", body, city.token(Role.OFFICIAL))
    assert refusal(refused) == (409, "PROJECT_ENDED", "id")
    assert "submitCorrection" in refused[1]["errors"][0]["message"]
    id_ = (await report(city, ended, field="name", proposed="Projekt"))["correction"]["id"]
    assert (await decide(city, id_, apply=True))["errors"] == []
