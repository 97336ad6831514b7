"""Import and export as people use them: the program against running registries."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.people import Role
from tests.services.registry.exchange.conftest import Registry

HEADER = "name,legalForm,krs,nip,regon,publicBenefit,address.city,fields\n"
FIRST = "Fundacja Pierwsza,FOUNDATION,0000000001,5732745883,,tak,Częstochowa,HEALTH | ECONOMY\n"
SECOND = "Uczniowski Klub Sportowy Dwójka,STUDENT_SPORTS_CLUB,,,151399002,nie,,\n"


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
async def test_an_export_imported_again_gives_the_same_register(
    registries: Sequence[Registry], tmp_path: Path, format_: str
) -> None:
    one, other = registries
    await one.seed()
    await one.city.organization(name="Zgłoszona", status="SUBMITTED")
    await one.city.organization(name="=Dziwna | „Nazwa”, s.c.", aliases=["a | b", "c\\d"], covers=["x;y"])
    file = tmp_path / f"register.{format_}"
    code, _, err = await one.run("export", format_, "--output", file)
    assert code == 0, err
    exported = await one.export(format_)
    assert file.read_bytes() == exported
    assert "Zgłoszona" not in exported.decode()
    districts = tmp_path / "districts.jsonl"
    await one.run("export", "districts", "--output", districts)
    code, out, err = await other.run("import", districts)
    assert (code, "districts: created 12" in out) == (0, True), (out, err)
    code, out, err = await other.run("import", file)
    assert code == 0, err
    assert f"created {await one.count()}, updated 0, unchanged 0" in out
    for each in ("csv", "jsonl"):
        assert await other.export(each) == await one.export(each)
    code, out, err = await other.run("import", file)
    assert (code, f"created 0, updated 0, unchanged {await one.count()}" in out) == (0, True), (out, err)


async def test_the_history_of_a_status_goes_in_and_out_whole(registries: Sequence[Registry], tmp_path: Path) -> None:
    one, other = registries
    token, mixed = one.city.token(Role.OFFICIAL), list[str]()
    for number, steps in enumerate((("suspend", "reinstate"), ("suspend", "reinstate", "suspend"), ("dissolve",))):
        given = {"name": f"Fundacja Numer {number}", "legalForm": "FOUNDATION", "krs": f"000000000{number + 1}"}
        _, made = await one.city.call("registry", "submitOrganization", given, token)
        for version, step in enumerate(("verify", "publish", *steps), start=1):
            more = {"suspend": {"reason": "Brak danych"}, "dissolve": {"dissolvedOn": "2024-01-31"}}.get(step, {})
            asked = {"id": made["id"], "expectedVersion": version} | more
            status, _ = await one.city.call("registry", f"{step}Organization", asked, token)
            assert status == 200
        mixed.append(made["id"])
    file = tmp_path / "register.csv"
    file.write_text("krs;website\n" + "".join(f"000000000{n};https://example.org\n" for n in (1, 2, 3)))
    assert "updated 3" in (await one.run("import", file))[1]
    for format_ in ("csv", "jsonl"):
        file = tmp_path / f"register.{format_}"
        file.write_bytes(await one.export(format_))
        assert "created 0, updated 0, unchanged 3, errors in 0 rows" in (await one.run("import", file))[1]
    code, out, err = await other.run("import", file)
    assert (code, "created 3" in out) == (0, True), err
    assert "created 0, updated 0, unchanged 3" in (await other.run("import", file))[1]
    for format_ in ("csv", "jsonl"):
        assert await other.export(format_) == await one.export(format_)
    found = {o["id"]: o for o in map(json.loads, (await other.export("jsonl")).splitlines())}
    taken = [[s["source"] for s in found[id_]["provenance"] if s["field"] == "status"] for id_ in mixed]
    assert taken[1] == ["verified", "published", "suspended", "reinstated", "suspended"]
    assert [found[id_]["status"] for id_ in mixed] == ["PUBLISHED", "SUSPENDED", "DISSOLVED"]
    assert [found[id_].get("decisionReason") for id_ in mixed] == [None, "Brak danych", None]


async def test_a_row_that_is_there_is_changed_only_where_it_differs(
    registries: Sequence[Registry], tmp_path: Path
) -> None:
    registry, _ = registries
    file = tmp_path / "plik.csv"
    file.write_text(HEADER + FIRST + SECOND)
    code, out, _ = await registry.run("import", file, "--dry-run")
    assert (code, await registry.count()) == (0, 0)
    assert "created 2, updated 0, unchanged 0, errors in 0 rows (dry run, nothing stored)" in out
    assert "created 2" in (await registry.run("import", file))[1]
    assert "unchanged 2" in (await registry.run("import", file))[1]
    file.write_text("nip;publicBenefit\n5732745883;nie\n", encoding="utf-8-sig")
    assert "created 0, updated 1, unchanged 0" in (await registry.run("import", file))[1]
    found = {o["name"]: o for o in map(json.loads, (await registry.export("jsonl")).splitlines())}
    first = found["Fundacja Pierwsza"]
    assert (first["publicBenefit"], first["fields"], first["krs"]) == (False, ["HEALTH", "ECONOMY"], "0000000001")
    assert found["Uczniowski Klub Sportowy Dwójka"]["regon"] == "151399002"
    request = {"filter": {"nip": "5732745883"}}
    _, page = await registry.city.call("registry", "organizations/find", request)
    assert page["items"][0]["version"] == 2


async def test_a_column_of_an_address_leaves_the_others_alone(registries: Sequence[Registry], tmp_path: Path) -> None:
    registry, _ = registries
    address = {"street": "ul. Focha", "building": "19", "city": "Częstochowa"}
    await registry.city.organization(nip="5732745883", address=address)
    file = tmp_path / "plik.csv"
    file.write_text("nip,address.postalCode\n5732745883,42-217\n")
    assert "updated 1" in (await registry.run("import", file))[1]
    (found,) = map(json.loads, (await registry.export("jsonl")).splitlines())
    assert found["address"] == address | {"postalCode": "42-217"}
    file.write_text("nip,address.postalCode\n5732745883,42217\n")
    assert "plik.csv:2 address.postalCode: " in (await registry.run("import", file))[2]


async def test_errors_name_row_and_column_in_polish_and_english_and_spare_the_other_rows(
    registries: Sequence[Registry], tmp_path: Path
) -> None:
    registry, _ = registries
    file = tmp_path / "plik.csv"
    file.write_text(
        HEADER
        + FIRST
        + "Zła,FOUNDATION,12,5732745884,,może,,HEALTH | SPORT\n"
        + "\n"
        + "Bez numeru,FOUNDATION,,,,,,\n"
        + ",,0000000009,,,,,\n"
        + SECOND
        + "Dwie naraz,FOUNDATION,0000000001,,151399002,,,\n"
        + "a,b,c,d,e,f,g,h,i\n"
    )
    code, out, err = await registry.run("import", file)
    assert code == 1
    assert "created 2, updated 0, unchanged 0, errors in 5 rows" in out
    lines = [line for line in err.splitlines() if line.startswith("plik.csv:")]
    places = [line.split(": ")[0].removeprefix("plik.csv:") for line in lines]
    assert sorted(places) == sorted(
        ["3 krs", "3 nip", "3 publicBenefit", "3 fields.1", "5", "6 name", "6 legalForm", "8", "9"]
    )
    (nip,) = (line for line in lines if "3 nip" in line)
    assert nip == "plik.csv:3 nip: zła cyfra kontrolna / the check digit is wrong [CHECKSUM_WRONG]"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"name,town\nX,Y\n", "town"),
        ("a.csv", b"name,name\nX,Y\n", "name"),
        ("a.csv", b"", "COLUMNS"),
        ("a.csv", b"name\n\xff\xfe\n", "CSV"),
        ("a.csv", b'name\n"X', "CSV"),
        ("a.xls", b"", ".csv"),
        ("a.json", b"<html>Przerwa techniczna</html>", "maintenance page"),
        ("a.json", b'{"status": "ok"}', "no extract"),
        ("a.json", b"[]", "no extract"),
    ],
)
async def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    from services.registry.exchange.files import rows
    from shared.contracts.refusals import Refused

    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused) as refused:
        list(rows(tmp_path / name))
    assert said in refused.value.en + refused.value.code
    assert refused.value.pl != refused.value.en


async def test_only_an_operator_imports(registries: Sequence[Registry], tmp_path: Path) -> None:
    registry, _ = registries
    file = tmp_path / "plik.csv"
    file.write_text(HEADER + FIRST)
    code, _, err = await registry.run("import", file, role=Role.OFFICIAL)
    assert (code, "FORBIDDEN" in err) == (1, True)
    assert await registry.count() == 0


def extract(**entity: Any) -> bytes:
    numbers = {"regon": "15139900200000", "nip": "5732745883"}
    body = {"formaPrawna": "FUNDACJA", "nazwa": "FUNDACJA PRZYKŁAD", "identyfikatory": numbers}
    person = {"nazwisko": {"nazwiskoICzlon": "K*******"}, "imiona": {"imie": "J**"}, "pesel": "1**********"}
    pkd = [{"opis": "…", "kodDzial": "94", "kodKlasa": "99", "kodPodklasa": "Z"}]
    return json.dumps(
        {
            "odpis": {
                "rodzaj": "Aktualny",
                "naglowekA": {"numerKRS": "0000000123", "dataOstatniegoWpisu": "01.02.2024", "stanPozycji": 1},
                "dane": {
                    "dzial1": {
                        "danePodmiotu": body | {"czyPosiadaStatusOPP": True} | entity,
                        "siedzibaIAdres": {
                            "siedziba": {"powiat": "CZĘSTOCHOWA", "miejscowosc": "CZĘSTOCHOWA"},
                            "adres": {"ulica": "UL. FOCHA", "nrDomu": "19", "nrLokalu": "2", "kodPocztowy": "42-217"},
                            "adresPocztyElektronicznej": "BIURO@EXAMPLE.ORG",
                            "adresStronyInternetowej": "WWW.EXAMPLE.ORG",
                        },
                    },
                    "dzial2": {"reprezentacja": {"sklad": [person]}},
                    "dzial3": {"przedmiotDzialalnosciOPP": {"nieodplatnyPkd": pkd, "odplatnyPkd": pkd}},
                },
            }
        }
    ).encode()


async def test_an_extract_of_the_krs_register(registries: Sequence[Registry], tmp_path: Path) -> None:
    registry, _ = registries
    file = tmp_path / "odpis.json"
    file.write_bytes(extract())
    code, out, err = await registry.run("import", file)
    assert (code, "created 1" in out) == (0, True), err
    (line,) = (await registry.export("jsonl")).splitlines()
    found = json.loads(line)
    assert {name: found[name] for name in ("krs", "nip", "regon", "publicBenefit", "pkd", "website")} == {
        "krs": "0000000123",
        "nip": "5732745883",
        "regon": "151399002",
        "publicBenefit": True,
        "pkd": ["94.99.Z"],
        "website": "https://www.example.org",
    }
    assert found["address"] == {
        "street": "UL. FOCHA",
        "building": "19/2",
        "postalCode": "42-217",
        "city": "CZĘSTOCHOWA",
    }
    assert found["contactPoints"][0]["emails"] == ["biuro@example.org"]
    assert b"K***" not in line
    assert "unchanged 1" in (await registry.run("import", file))[1]


async def test_an_extract_keeps_the_name_that_the_register_has(registries: Sequence[Registry], tmp_path: Path) -> None:
    registry, _ = registries
    await registry.city.organization(name="Fundacja Przykład", nip="5732745883")
    file = tmp_path / "odpis.json"
    file.write_bytes(extract())
    assert "updated 1" in (await registry.run("import", file))[1]
    (line,) = (await registry.export("jsonl")).splitlines()
    found = json.loads(line)
    assert (found["name"], found["krs"], found["publicBenefit"]) == ("Fundacja Przykład", "0000000123", True)


async def test_an_extract_of_another_name_brings_it_and_says_so(registries: Sequence[Registry], tmp_path: Path) -> None:
    registry, _ = registries
    await registry.city.organization(name="Stowarzyszenie Dawne", legalForm="ASSOCIATION", krs="0000000123")
    file = tmp_path / "odpis.json"
    file.write_bytes(extract())
    code, out, err = await registry.run("import", file)
    assert (code, "updated 1" in out) == (0, True), err
    assert err.count("[OFFICIAL_VALUE]") == 2
    assert "Stowarzyszenie Dawne" in err
    (line,) = (await registry.export("jsonl")).splitlines()
    found = json.loads(line)
    assert (found["name"], found["legalForm"]) == ("FUNDACJA PRZYKŁAD", "FOUNDATION")
    assert {s["source"] for s in found["provenance"] if s["field"] in ("name", "legalForm")} == {"KRS"}
    assert "unchanged 1" in (await registry.run("import", file))[1]


@pytest.mark.parametrize(
    ("form", "name", "known"),
    [
        ("STOWARZYSZENIE", "OCHOTNICZA STRAŻ POŻARNA W DŹBOWIE", "VOLUNTEER_FIRE_BRIGADE"),
        ("STOWARZYSZENIE", "STOWARZYSZENIE SENIORÓW", "ASSOCIATION"),
        ("ZWIĄZEK STOWARZYSZEŃ", "FEDERACJA", "ASSOCIATION_UNION"),
        ("STOWARZYSZENIE KULTURY FIZYCZNEJ", "KLUB", "SPORTS_CLUB"),
        ("SPÓŁDZIELNIA SOCJALNA", "JASNE, ŻE", "SOCIAL_COOPERATIVE"),
        ("SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ", "X", "COMPANY"),
        ("COŚ NOWEGO", "X", "OTHER"),
    ],
)
def test_the_legal_form_of_an_extract(form: str, name: str, known: str) -> None:
    from services.registry.exchange.krs import row_of

    assert row_of(extract(formaPrawna=form, nazwa=name))[1]["legalForm"] == known


async def test_the_metadata_describe_both_files(registries: Sequence[Registry]) -> None:
    registry, _ = registries
    catalog = json.loads(await registry.export("dcat.jsonld"))
    (dataset,) = catalog["dcat:dataset"]
    assert (catalog["@type"], dataset["@type"]) == ("dcat:Catalog", "dcat:Dataset")
    urls = [one["dcat:downloadURL"]["@id"] for one in dataset["dcat:distribution"]]
    assert urls == [f"{registry.url}/v1/export/organizations.{name}" for name in ("csv", "jsonl")]
    for url in urls:
        async with registry.city.session.get(url) as answer:
            assert answer.status == 200
    table = (await registry.export("csv")).decode()
    assert next(csv.reader(io.StringIO(table)))[:3] == ["id", "name", "aliases"]
