"""Rows at the registry itself: what it takes, refuses and warns of; and a file that is sent some rows at a time."""

import asyncio
import secrets
from typing import Any

import aiohttp
import pytest
from tqdm import tqdm

from services.registry.exchange import sending
from services.registry.exchange.protocol import Row, RowError
from services.registry.exchange.sending import Outcome, Sending
from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System


def krs() -> str:
    return f"9{secrets.randbelow(10**9):09}"


def number_of_ten() -> str:
    """A NIP that nobody has here."""
    while True:
        digits = f"{secrets.randbelow(9 * 10**8) + 10**8}"
        check = sum(int(one) * weight for one, weight in zip(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7), strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"


def row(number: int, name: str | None = None, **set_: Any) -> dict[str, Any]:
    return {"number": number, "set": {"name": name or f"Fundacja {krs()}", "legalForm": "FOUNDATION"} | set_}


async def send(city: System, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    asked = {"rows": rows} | more
    status, answer = await city.call("registry", "importOrganizations", asked, city.token(Role.OPERATOR))
    assert status == 200, answer
    return answer


async def send_file(city: System, rows: list[dict[str, Any]], dry_run: bool = False) -> Outcome:
    """As the program does, two rows at a time."""
    outcome = Outcome()
    given: list[Row | RowError] = [Row(number=one["number"], set=one["set"]) for one in rows]
    headers = {"Authorization": f"Bearer {city.token(Role.OPERATOR)}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        await Sending(session, city.urls["registry"], "import CSV", dry_run, outcome, tqdm(disable=True)).all(given)
    return outcome


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "ROWS_MAX", 2)


async def record(city: System, id_: str) -> dict[str, Any]:
    _, answer = await city.call("registry", "organizations/batch", {"ids": [id_]}, city.token(Role.OFFICIAL))
    found: dict[str, Any] = answer["items"][0]
    return found


def codes(answer: dict[str, Any]) -> list[tuple[int, str]]:
    return [(error["row"], error["code"]) for error in answer["errors"]]


async def test_rows_about_one_organisation_are_ambiguous(city: System) -> None:
    one, other = krs(), krs()
    first = await city.organization(krs=one)
    second = await city.organization(krs=other)
    third = await city.organization(krs=krs(), nip="5260250274")
    answer = await send(
        city,
        row(2, krs=(new := krs()), id=first),  # takes a new number
        row(3, krs=new),  # which is another row's now
        row(4, krs=other, id=third),  # one record by id, another by number
        row(5, nip="5260250274"),
        row(6, id=third),  # the same record by another number
        row(7, krs=other),
    )
    assert codes(answer) == [(4, "AMBIGUOUS"), (3, "AMBIGUOUS"), (6, "AMBIGUOUS")]
    by_row = {error["row"]: error for error in answer["errors"]}
    assert f"row 2 are about the same organisation (KRS {new})" in by_row[3]["en"]
    assert second in by_row[4]["pl"]
    assert third in by_row[4]["pl"]
    assert "row 5" in by_row[6]["en"]
    assert [taken["row"] for taken in answer["taken"]] == [2, 5, 7]


async def test_a_rejected_record_stays_so_and_spares_the_other_rows(city: System) -> None:
    rejected = await city.organization(krs=krs(), status="REJECTED")
    answer = await send(city, row(2, id=rejected, status="PUBLISHED"), row(3, krs=krs()))
    assert (codes(answer), answer["created"]) == ([(2, "WRONG_STATUS")], 1)


async def test_one_number_that_fits_does_not_make_two_legal_persons_one(city: System) -> None:
    one, other, nip = krs(), krs(), number_of_ten()
    id_ = await city.organization(krs=one, nip=nip, name="Fundacja Pierwsza")
    before = await record(city, id_)
    answer = await send(city, row(2, "Stowarzyszenie Drugie", krs=other, nip=nip, legalForm="ASSOCIATION"))
    assert (codes(answer), answer["updated"]) == ([(2, "AMBIGUOUS")], 0)
    said = answer["errors"][0]["en"]
    assert all(part in said for part in (id_, "Fundacja Pierwsza", f"NIP {nip}", f"KRS {one}, in the row {other}"))
    assert await record(city, id_) == before
    # what the record lacks may come, and by its id a record may take another number
    answer = await send(city, row(2, "Fundacja Pierwsza", krs=one, nip=nip, regon="151399002"))
    assert (codes(answer), answer["updated"]) == ([], 1)
    answer = await send(city, row(2, "Fundacja Pierwsza", id=id_, krs=other, nip=nip))
    assert (codes(answer), (await record(city, id_))["krs"]) == ([], other)


async def test_numbers_of_zeros_are_none(city: System) -> None:
    answer = await send(city, row(2, nip="0000000000"), row(3, regon="000000000"), row(4, regon="00000000000000"))
    assert codes(answer) == [(2, "NUMBER_OF_ZEROS"), (3, "NUMBER_OF_ZEROS"), (4, "NUMBER_OF_ZEROS")]


async def test_of_two_imports_of_one_number_at_once_one_makes_the_record(city: System) -> None:
    number = krs()
    answers = await asyncio.gather(*(send(city, row(2, "Fundacja Naraz", krs=number)) for _ in range(4)))
    assert sum(answer["created"] for answer in answers) == 1
    assert sum(answer["unchanged"] for answer in answers) == 3


async def test_a_submission_is_not_overwritten(city: System) -> None:
    number = krs()
    waiting = await city.organization(krs=number, status="SUBMITTED")
    before = await record(city, waiting)
    answer = await send(city, row(2, krs=number, website="https://example.org"), source="KRS")
    assert codes(answer) == [(2, "AWAITS_DECISION")]
    assert await record(city, waiting) == before


async def test_what_an_import_changes_names_its_source(city: System) -> None:
    number = krs()
    id_ = await city.organization(krs=number)
    await send(city, row(2, krs=number, website="https://example.org"), source="Ewidencja 2026")
    found = await record(city, id_)
    assert {(one["field"], one["source"]) for one in found["provenance"]} == {
        ("name", "Ewidencja 2026"),
        ("website", "Ewidencja 2026"),
    }


async def test_a_new_row_with_a_name_like_one_that_is_there_is_warned_of(city: System) -> None:
    word = secrets.token_hex(8).translate(str.maketrans("0123456789", "ghijklmnop"))
    there = await city.organization(name=f"Stowarzyszenie „{word}”", krs=krs())
    answer = await send(city, row(2, f"Fundacja {word}", krs=krs()), row(3, f"Fundacja {word[:-1]}x", krs=krs()))
    assert (answer["created"], answer["errors"]) == (2, [])
    first, second = answer["warnings"]
    assert (first["row"], first["code"], first["ids"]) == (2, "LOOKS_ALIKE", [there])
    assert there in first["pl"]
    assert set(second["ids"]) == {there, answer["taken"][0]["id"]}


async def test_a_known_row_that_becomes_like_another_is_warned_of(city: System) -> None:
    """By a new name, or by losing what told the two apart; and not for what it was called before."""
    word = secrets.token_hex(8).translate(str.maketrans("0123456789", "ghijklmnop"))
    name = f"Fundacja {word}"
    there = await city.organization(name=name, address={"city": "Kielce"})
    renamed = await city.organization(name=f"Fundacja {krs()}")
    moved = await city.organization(name=name, address={"city": "Radom"})
    answer = await send(
        city,
        {"number": 1, "set": {"id": moved, "address.city": "Kielce"}},
        row(2, name, id=renamed),
    )
    warned = {one["row"]: set(one["ids"]) for one in answer["warnings"] if one["code"] == "LOOKS_ALIKE"}
    assert warned == {1: {there}, 2: {there, moved}}
    answer = await send(city, row(1, name, id=renamed, website="https://example.org"))
    assert (answer["updated"], answer["warnings"]) == (1, [])


async def test_ids_that_are_nowhere_are_named_by_their_field(city: System) -> None:
    district = new_id("dis")
    await city.load("registry", ("districts", {"id": district, "name": "Raków", "city": "Częstochowa"}))
    parent, gone = new_id("org"), new_id("org")
    answer = await send(
        city,
        row(2, krs=krs(), parentId=parent, districtIds=[district]),
        row(3, krs=krs(), id=parent),
        row(4, krs=krs(), founderIds=[parent, gone], districtIds=[new_id("dis")]),
        row(5, krs=krs(), operatorId=(refused := new_id("org"))),
        row(6, krs=krs(), id=refused, federationIds=[gone]),
        row(7, krs=krs(), **{"address.nope": None}),
    )
    places = sorted((error["row"], error["column"]) for error in answer["errors"])
    assert places == [
        (4, "districtIds.0"),
        (4, "founderIds.1"),
        (5, "operatorId"),
        (6, "federationIds.0"),
        (7, "address.nope"),
    ]
    assert {error["code"] for error in answer["errors"] if error["row"] < 7} == {"UNKNOWN_ID"}
    assert answer["created"] == 2


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.usefixtures("two_at_a_time")
async def test_a_row_may_name_one_that_stands_anywhere_in_the_file(city: System, dry_run: bool) -> None:
    ids = [new_id("org") for _ in range(6)]
    named = {0: ids[5], 1: ids[0], 2: ids[4], 4: ids[2], 3: new_id("org")}  # 2 and 4 name each other
    rows = [
        # not each other's parents: that would be a circle
        row(n + 2, id=id_, krs=krs(), **({"operatorId" if n == 4 else "parentId": named[n]} if n in named else {}))
        for n, id_ in enumerate(ids)
    ]
    outcome = await send_file(city, rows, dry_run)
    assert (outcome.created, [(error.row, error.code) for error in outcome.errors]) == (5, [(5, "UNKNOWN_ID")])
    if not dry_run:
        again = await send_file(city, rows)
        assert (again.unchanged, again.created, again.updated) == (5, 0, 0)


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.usefixtures("two_at_a_time")
async def test_a_later_row_overwrites_no_earlier_one(city: System, dry_run: bool) -> None:
    number, other = krs(), krs()
    id_ = await city.organization(krs=number)
    rows = [
        row(1, krs=f"{other}0", nip="5732745884"),  # refused, so it stands in nobody's way
        row(2, krs=number),
        row(3, krs=other),
        row(4, krs=f" {other} "),
        row(5, krs=krs()),
        row(6, id=id_),  # the organisation of row 2, by its id
    ]
    outcome = await send_file(city, rows, dry_run)
    doubled = [error for error in outcome.errors if error.row > 1]
    assert [(error.row, error.code) for error in doubled] == [(4, "AMBIGUOUS"), (6, "AMBIGUOUS")]
    assert [("row 3" in error.en, "row 2" in error.en) for error in doubled] == [(True, False), (False, True)]
    assert (outcome.created, outcome.updated) == (2, 1)


async def test_rows_put_no_organisation_above_itself(city: System) -> None:
    one, other, third = (new_id("org") for _ in range(3))
    made = [row(number, id=id_, krs=krs()) for number, id_ in enumerate((one, other, third), start=1)]
    assert codes(await send(city, *made)) == []
    below = [{"number": n, "set": {"id": id_, "parentId": up}} for n, id_, up in ((1, other, one), (2, third, other))]
    # the circle is closed by the third row, with what the two before it have made
    answer = await send(city, *below, {"number": 3, "set": {"id": one, "parentId": third}})
    assert codes(answer) == [(3, "HIERARCHY_CIRCLE")]
    assert codes(await send(city, {"number": 1, "set": {"id": one, "parentId": other}})) == [(1, "HIERARCHY_CIRCLE")]
    assert (await record(city, one)).get("parentId") is None


async def test_two_files_at_once_make_no_circle(city: System) -> None:
    one, other = new_id("org"), new_id("org")
    await send(city, row(1, id=one, krs=krs()), row(2, id=other, krs=krs()))
    answers = await asyncio.gather(
        send(city, {"number": 1, "set": {"id": one, "parentId": other}}),
        send(city, {"number": 1, "set": {"id": other, "parentId": one}}),
    )
    assert sorted(codes(answer) for answer in answers) == [[], [(1, "HIERARCHY_CIRCLE")]]
