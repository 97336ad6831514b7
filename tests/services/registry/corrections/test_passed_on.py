"""Accepted corrections of records of other services: passed on, applied or declined there, and answered."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from deploy.embedded.keys import ISSUER, Keys
from deploy.embedded.nats import NatsServer
from services.events.http import SERVICE as EVENTS
from services.registry.corrections import handing
from services.registry.http import SERVICE as REGISTRY
from shared.contracts.handovers import KEPT_ELSEWHERE
from shared.contracts.paths import annotation_at
from shared.contracts.people import Role
from shared.contracts.refusals import Refused
from shared.ids import new_id
from shared.service.process import running
from shared.service.settings import Settings
from tests.services.registry.corrections.test_corrections import decide, report
from tests.system import System, system

SEEN = """query($id: ID!) { nodes(ids: [$id]) { ... on Correction {
  outcome applied oldValue newValue declinedCode record {
    ... on Event { title version startsAt address { city } provenance { field source decisionId role on } }
    ... on Consultation { title version provenance { field decisionId } }
    ... on Document { title version provenance { field decisionId } } } } } }"""
PICNIC = {
    "title": "Piknik",
    "kind": "PICNIC",
    "startsAt": "2098-06-01T10:00:00+02:00",
    "endsAt": "2098-06-01T18:00:00+02:00",
}


async def passed_on(city: System, record: str, field: str, proposed: str) -> str:
    id_: str = (await report(city, record, field=field, proposed=proposed))["correction"]["id"]
    decided = await decide(city, id_, apply=True)
    assert decided["errors"] == [], decided
    correction = decided["correction"]
    assert (correction["outcome"], correction["applied"], correction["oldValue"]) == ("PASSED_ON", False, None)
    return id_


async def settled(city: System, id_: str) -> dict[str, Any]:
    token = city.token(Role.OFFICIAL)
    async with asyncio.timeout(10):
        while True:
            (seen,) = (await city.ask(SEEN, {"id": id_}, token))["nodes"]
            if seen["outcome"] != "PASSED_ON":
                return dict(seen)
            await asyncio.sleep(0.02)


async def test_a_correction_of_an_event_is_applied_by_its_service_with_its_source(city: System) -> None:
    event = new_id("evt")
    await city.load("events", ("events", {"id": event} | PICNIC))
    id_ = await passed_on(city, event, "title", "Piknik sąsiedzki")
    seen = await settled(city, id_)
    record = seen.pop("record")
    assert seen == {
        "outcome": "APPLIED",
        "applied": True,
        "oldValue": "Piknik",
        "newValue": "Piknik sąsiedzki",
        "declinedCode": None,
    }
    (source,) = record["provenance"]
    assert source.pop("on")
    assert source == {"field": "title", "source": "correction", "decisionId": id_, "role": "OFFICIAL"}
    assert (record["title"], record["version"]) == ("Piknik sąsiedzki", 2)
    record = (await settled(city, await passed_on(city, event, "address.city", "Częstochowa")))["record"]
    record = (await settled(city, await passed_on(city, event, "startsAt", "2098-06-01T11:00:00+02:00")))["record"]
    assert (record["startsAt"], record["address"], record["version"]) == (
        "2098-06-01T11:00:00+02:00",
        {"city": "Częstochowa"},
        4,
    )
    assert [one["field"] for one in record["provenance"]] == ["title", "address", "startsAt"]


async def test_what_the_other_service_declines_comes_back_with_its_reason(city: System) -> None:
    event = new_id("evt")
    await city.load("events", ("events", {"id": event} | PICNIC))
    seen = await settled(city, await passed_on(city, event, "endsAt", "2098-06-01T09:00:00+02:00"))
    assert (seen["outcome"], seen["applied"], seen["declinedCode"]) == ("DECLINED", False, "ENDS_BEFORE_START")
    assert (seen["record"]["version"], seen["record"]["provenance"]) == (1, [])


async def test_a_corrected_consultation_is_followed_by_the_calendar_and_its_entries_only_so(city: System) -> None:
    consultation, document = new_id("con"), new_id("doc")
    organizer = await city.organization()
    opened = {"id": consultation, "title": "Porgram", "status": "OPEN", "organizerIds": [organizer]}
    await city.load(
        "consultations",
        ("consultations", opened | {"opensOn": "2098-01-01"}),
        ("documents", {"id": document, "consultationId": consultation, "title": "Porgram"}),
    )
    id_ = (await report(city, consultation, field="title", proposed="Program"))["correction"]["id"]
    refused = await decide(city, id_, Role.EDITOR, apply=True)
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("FORBIDDEN", "apply")]
    for record in (consultation, document):
        id_ = await passed_on(city, record, "title", "Program")
        seen = await settled(city, id_)
        assert (seen["outcome"], seen["oldValue"], seen["record"]["title"]) == ("APPLIED", "Porgram", "Program")
        assert seen["record"]["provenance"] == [{"field": "title", "decisionId": id_}]
    # what is changed afterwards no longer comes from the correction
    change = {"id": consultation, "expectedVersion": 2, "title": "Nowy Program"}
    status, changed = await city.call("consultations", "changeConsultation", change, city.token(Role.OFFICIAL))
    assert (status, changed["provenance"]) == (200, [])
    query = "query($id: ID!) { consultation(id: $id) { events { nodes { id title } } } }"
    data = await city.until(
        query,
        {"id": consultation},
        lambda data: [node["title"][-8:] for node in data["consultation"]["events"]["nodes"]] == [" Program"],
    )
    entry = data["consultation"]["events"]["nodes"][0]["id"]
    seen = await settled(city, await passed_on(city, entry, "title", "Otwarcie"))
    assert (seen["outcome"], seen["declinedCode"]) == ("DECLINED", "FOLLOWS_CONSULTATION")


async def test_a_value_that_the_contract_does_not_know_is_refused_at_the_decision(city: System) -> None:
    event = new_id("evt")
    await city.load("events", ("events", {"id": event} | PICNIC))
    for field, proposed in (
        ("startsAt", "jutro"),
        ("startsAt", "0001-01-01T00:00:00Z"),
        ("title", "x" * 301),
        ("address", "Śląska 11"),
        ("status", "CANCELLED"),
        ("organizerIds", new_id("org")),
    ):
        id_ = (await report(city, event, field=field, proposed=proposed))["correction"]["id"]
        refused = await decide(city, id_, apply=True)
        assert [error["code"] for error in refused["errors"]] == ["CANNOT_APPLY"], field


def test_every_field_that_is_passed_on_is_one_of_its_contract_and_none_that_decisions_make() -> None:
    made = {"id", "version", "createdAt", "updatedAt", "status", "provenance", "source", "followsVersion"}
    for kept in KEPT_ELSEWHERE.values():
        assert all(annotation_at(kept.contract, field) is not None for field in kept.fields)
        assert not kept.fields & made
        assert "provenance" in {field.name for field in msgspec.structs.fields(kept.contract)}


@pytest.mark.parametrize("field", [None, "status", "remarksUntil", "meetings.0.title", "contact.surname"])
def test_what_no_report_changes_is_not_passed_on(field: str | None) -> None:
    with pytest.raises(Refused, match=r"CANNOT_APPLY|UNKNOWN_FIELD"):
        handing.can_be_passed_on(KEPT_ELSEWHERE["con"], field, "Program")


async def test_a_correction_waits_for_a_service_that_is_down(tmp_path: Path) -> None:
    nats = NatsServer(tmp_path / "nats")
    await nats.start()
    event = new_id("evt")
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(nats.stop)
        async with system(tmp_path, nats.url) as city:
            await city.load("events", ("events", {"id": event} | PICNIC))
        # a service alone: the events service is down while the decision is made
        async with system(tmp_path, nats.url, services=(REGISTRY,)) as city:
            body = {"recordId": event, "wrong": "Literówka", "field": "title", "proposed": "Piknik sąsiedzki"}
            _, made = await city.call("registry", "submitCorrection", body)
            decision = {"id": made["id"], "expectedVersion": 1, "accept": True, "apply": True}
            status, decided = await city.call("registry", "decideCorrection", decision, city.token(Role.EDITOR))
            assert (status, decided["outcome"]) == (200, "PASSED_ON")
            keys = Keys(tmp_path / "keys")
            settings = Settings(
                host="127.0.0.1",
                port=0,
                store_url=f"sqlite://{tmp_path / 'events.db'}",
                nats_url=nats.url,
                nats_replicas=1,
                jwks_url=keys.jwks_url,
                issuer=ISSUER,
            )
            async with running(EVENTS, settings), asyncio.timeout(20):
                while decided["outcome"] == "PASSED_ON":
                    await asyncio.sleep(0.05)
                    asked = {"ids": [made["id"]]}
                    _, batch = await city.call("registry", "corrections/batch", asked, city.token(Role.EDITOR))
                    (decided,) = batch["items"]
            assert (decided["outcome"], decided["newValue"]) == ("APPLIED", "Piknik sąsiedzki")
