"""Awarded grants in the 360Giving Data Standard, streamed."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from services.registry.awards import http, queries
from services.registry.exchange import program
from shared.contracts.refusals import Refused
from tests.services.registry.awards.standard import PACKAGE
from tests.services.registry.calls.procedure import accepted, announced, evaluate, evaluator, publish
from tests.services.registry.grants import procedure as small
from tests.services.registry.moments import Travel
from tests.system import System


async def export(city: System) -> list[dict[str, Any]]:
    async with city.session.get(f"{city.urls['registry']}/v1/export/grants.360giving.json") as answer:
        assert (answer.status, answer.content_type) == (200, "application/json")
        body = await answer.read()
    # amounts as they are written, not as floats
    package: dict[str, list[dict[str, Any]]] = msgspec.json.Decoder(float_hook=Decimal).decode(body)
    assert set(package) == {"grants"}
    return package["grants"]


async def test_there_is_no_file_without_a_grant_for_the_standard_knows_none(city: System, tmp_path: Path) -> None:
    assert not jsonschema.Draft202012Validator(PACKAGE).is_valid({"grants": []})
    url = f"{city.urls['registry']}/v1/export/grants.360giving.json"
    for language, word in [("pl", "żadnej dotacji"), ("en", "No grant has been awarded")]:
        async with city.session.get(url, headers={"Accept-Language": language}) as answer:
            (error,) = (await answer.json())["errors"]
            assert (answer.status, error["code"], word in error["message"]) == (404, "NO_GRANTS_AWARDED", True)
    with pytest.raises(Refused) as refused:
        await program.export(city.urls["registry"], "360giving", tmp_path / "grants.json")
    assert "360Giving" in refused.value.pl
    assert not list(tmp_path.iterdir())


async def test_awarded_grants_are_exported_and_nothing_else(
    city: System, at: Travel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # small pages and chunks, so that there are several
    monkeypatch.setattr(queries, "PAGE", 1)
    monkeypatch.setattr(http, "CHUNK", 100)
    await small.plan(city, 2044, "1000000.00")
    # on days of their own: the export is in the order of receipt
    for day, krs, grants in [(4, "0000123456", True), (5, "0000123457", True), (6, "0000123458", False)]:
        organization = await city.organization(name=f"Fundacja {krs}", krs=krs)
        grant = await small.published(city, at, organization, date(2044, 5, day), amount="9999.99")
        at(date(2044, 6, 1))
        await small.step(city, "decide", grant, grant=grants, reason="Brak środków.")
    call = await announced(city, at)
    offer, other = await accepted(city, at, call), await accepted(city, at, call)
    for one in (offer, other):
        await evaluate(city, call, one, evaluator(city, "1"))
    assert len(await export(city)) == 2
    await publish(city, call, (offer, "24000.10"))

    first, second, third = await export(city)
    assert (first["recipientOrganization"], second["recipientOrganization"]) == (
        [{"id": "PL-KRS-0000123456", "name": "Fundacja 0000123456"}],
        [{"id": "PL-KRS-0000123457", "name": "Fundacja 0000123457"}],
    )
    assert (first["amountAwarded"], first["currency"], first["fromOpenCall"]) == (Decimal("9999.99"), "PLN", "No")
    assert (first["awardDate"], first["fundingOrganization"][0]["name"]) == ("2044-06-01", "Miasto")
    assert third["id"] == f"360G-jasne-{offer['id']}"
    assert third["recipientOrganization"][0]["id"] == f"360G-jasne-{offer['organizationIds'][0]}"
    assert (third["amountAppliedFor"], third["amountAwarded"]) == (Decimal("25000.00"), Decimal("24000.10"))
    assert (third["fromOpenCall"], third["grantProgramme"]) == ("Yes", [{"code": call["id"], "title": call["title"]}])
    assert third["plannedDates"] == [{"startDate": "2027-05-01", "endDate": "2027-12-31"}]

    file = tmp_path / "grants.json"
    await program.export(city.urls["registry"], "360giving", file)
    written = msgspec.json.decode(file.read_bytes())
    jsonschema.Draft202012Validator(PACKAGE).validate(written)
    assert [award["id"] for award in written["grants"]] == [award["id"] for award in (first, second, third)]
