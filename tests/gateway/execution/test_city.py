"""The same over real services and real HTTP: what the gateway answers by plan is what the stock executor would."""

from typing import Any

import msgspec
import pytest
from graphql import parse

from gateway.clients import Clients
from shared.ids import new_id
from tests.gateway.execution.both import by_stock
from tests.gateway.execution.test_written import READ
from tests.system import System

LIMITS = {"PAGE_TOO_LARGE", "FAN_OUT_TOO_WIDE", "TOO_COSTLY", "TOO_MANY_ALIASES", "TOO_MANY_FRAGMENTS", "TOO_DEEP"}


@pytest.fixture(scope="module")
async def settled(city: System) -> System:
    """With some organisations, what they organise, and one that is run by another."""
    district = new_id("dis")
    await city.load("registry", ("districts", {"id": district, "name": "Raków", "city": "Częstochowa"}))
    parent = await city.organization(name="Urząd", legalForm="PUBLIC_BODY", districtIds=[district])
    ids = [await city.organization(name=f"Fundacja {n}", parentId=parent, districtIds=[district]) for n in range(4)]
    consultations = [
        {"id": new_id("con"), "title": f"Konsultacje {n}", "status": "OPEN", "organizerIds": ids[: n + 1]}
        for n in range(3)
    ]
    await city.load("consultations", *(("consultations", each) for each in consultations))
    times = {"startsAt": "2098-05-01T10:00:00Z", "endsAt": "2098-05-01T12:00:00Z"}
    event = {"id": new_id("evt"), "title": "Spotkanie", "kind": "MEETING", "organizerIds": ids} | times
    await city.load("events", ("events", event))
    return city


async def test_operations_over_http_have_the_stock_answer(settled: System) -> None:
    clients = Clients(settled.urls, settled.session)
    for text in READ:
        status, answer = await settled.send({"query": text}, language="pl")
        if "data" not in answer:
            # more than a client may ask; the stock executor knows no limits
            assert {error["extensions"]["code"] for error in answer["errors"]} <= LIMITS
            continue
        data, errors = await by_stock(parse(text), {}, clients)
        assert status == 200
        assert msgspec.json.encode(answer["data"]) == data
        told: list[Any] = sorted(msgspec.json.encode(error).decode() for error in answer.get("errors", ()))
        assert told == errors, text
