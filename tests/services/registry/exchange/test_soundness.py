"""An import lets in nothing that an update would refuse."""

from datetime import timedelta
from typing import Any

from shared.clock import today
from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.exchange.test_rows import codes, krs, record, row, send
from tests.system import System

PESEL = "44051401359"
SHUT = [{"hours": [{"day": "MONDAY", "opens": "16:00", "closes": "08:00"}]}]
TWICE = [
    {
        "hours": [
            {"day": "MONDAY", "opens": "08:00", "closes": "12:00"},
            {"day": "MONDAY", "opens": "11:00", "closes": "16:00"},
        ]
    }
]


async def test_a_row_is_held_to_the_rules_of_an_update(city: System) -> None:
    """New ones and known ones alike; each is told by its column, and the rows beside them are taken."""
    known = await city.organization(krs=krs())
    public = await city.organization(krs=krs())
    hidden = await city.organization(krs=krs(), status="SUBMITTED")
    tomorrow = (today() + timedelta(days=1)).isoformat()
    bad: list[tuple[dict[str, Any], str, str]] = [
        (
            {"publicBenefitSince": "2020-01-02", "publicBenefitUntil": "2020-01-01"},
            "publicBenefitUntil",
            "ENDS_BEFORE_START",
        ),
        ({"contactPoints": SHUT}, "contactPoints.0.hours.0", "CLOSES_BEFORE_OPENING"),
        ({"contactPoints": TWICE}, "contactPoints.0.hours.1", "HOURS_OVERLAP"),
        ({"parentId": hidden}, "parentId", "UNKNOWN_ID"),
        ({"operatorId": hidden}, "operatorId", "UNKNOWN_ID"),
        ({"founderIds": [public, hidden]}, "founderIds.1", "UNKNOWN_ID"),
        ({"federationIds": [hidden]}, "federationIds.0", "UNKNOWN_ID"),
        ({"dissolvedOn": "2020-01-01"}, "dissolvedOn", "NOT_DISSOLVED"),
    ]
    gone = {"status": "DISSOLVED", "dissolvedOn": tomorrow}
    answer = await send(city, row(1, krs=krs(), **gone))
    assert [(one["column"], one["code"]) for one in answer["errors"]] == [("dissolvedOn", "DATE_IN_FUTURE")]
    for id_ in (new_id("org"), known):
        own: list[tuple[dict[str, Any], str, str]] = [
            ({"parentId": id_}, "parentId", "OWN_RELATIVE"),
            ({"operatorId": id_}, "operatorId", "OWN_RELATIVE"),
            ({"founderIds": [id_]}, "founderIds.0", "OWN_RELATIVE"),
            ({"federationIds": [id_]}, "federationIds.0", "OWN_RELATIVE"),
        ]
        for set_, column, code in (*bad, *own):
            answer = await send(city, row(1, id=id_, **set_), row(2, krs=krs()))
            assert [(one["row"], one["column"], one["code"]) for one in answer["errors"]] == [(1, column, code)]
            assert answer["errors"][0]["pl"] != answer["errors"][0]["en"]
            assert answer["created"] == 1


async def test_what_a_row_leaves_as_it_was_is_not_held_against_it(city: System) -> None:
    id_ = await city.organization(krs=krs(), dissolvedOn="2020-01-01")
    answer = await send(city, row(1, id=id_, website="https://example.org"))
    assert (codes(answer), answer["updated"]) == ([], 1)


async def test_a_pesel_number_comes_in_neither_as_a_source_nor_as_an_id(city: System) -> None:
    number = krs()
    asked = {"rows": [row(1, krs=number)], "source": f"Wykaz {PESEL}"}
    status, answer = await city.call("registry", "importOrganizations", asked, city.token(Role.OPERATOR))
    assert (status, answer["errors"][0]["field"]) == (422, "source")
    assert PESEL not in str(answer)
    answer = await send(city, row(1, krs=number, id=f"org_{PESEL}abcdefghjkmnpqr"), row(2, krs=krs()))
    assert ([(one["row"], one["column"]) for one in answer["errors"]], answer["created"]) == ([(1, "id")], 1)
    assert "PESEL" in answer["errors"][0]["pl"]


async def test_a_source_is_kept_without_blanks_around_it(city: System) -> None:
    answer = await send(city, row(1, krs=krs()), source="  Ewidencja 2026 ")
    found = await record(city, answer["taken"][0]["id"])
    assert {one["source"] for one in found["provenance"]} == {"Ewidencja 2026"}
