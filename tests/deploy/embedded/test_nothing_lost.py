"""No acknowledged write is lost and none is done twice, no change is lost, whatever is killed when."""

import asyncio
import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from shared.contracts.people import Role
from shared.ids import new_id
from tests.deploy.embedded.runs import EmbeddedRun, embedded_run

SUBMIT = """mutation($input: SubmitOrganizationInput!, $key: String) {
  submitOrganization(input: $input, idempotencyKey: $key) { organization { id } errors { code message } }
}"""
LIST = """query($after: String, $prefix: String) {
  organizations(first: 100, after: $after, filter: { nameStartsWith: $prefix, status: SUBMITTED }) {
    totalCount nodes { id name } pageInfo { hasNextPage endCursor }
  }
}"""


async def submit_for_sure(run: EmbeddedRun, session: aiohttp.ClientSession, name: str, token: str) -> tuple[str, int]:
    """As a careful client does: the same request with the same key until it is acknowledged. The id, and the tries."""
    variables = {"input": {"name": name, "legalForm": "FOUNDATION"}, "key": new_id("key")}
    for tries in range(1, 200):
        answer = await run.ask(session, SUBMIT, variables, token)
        if "errors" not in answer:
            payload = answer["data"]["submitOrganization"]
            assert payload["errors"] == []
            id_: str = payload["organization"]["id"]
            return id_, tries
        assert answer["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
        await asyncio.sleep(0.05)
    pytest.fail("the service did not come back")


async def stored(run: EmbeddedRun, session: aiohttp.ClientSession, prefix: str) -> list[dict[str, str]]:
    token, after, nodes = run.token(Role.OFFICIAL), None, list[dict[str, str]]()
    while True:
        answer = await run.ask(session, LIST, {"after": after, "prefix": prefix}, token)
        page = answer["data"]["organizations"]
        nodes += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(nodes)
            return nodes
        after = page["pageInfo"]["endCursor"]


async def test_a_service_killed_in_a_storm_of_mutations_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with embedded_run(tmp_path / "data") as run, aiohttp.ClientSession() as session:
        token, names = run.token(Role.RESIDENT), [f"Burza {number:03}" for number in range(300)]
        queue, acknowledged, tries = iter(names), dict[str, str](), 0

        async def citizen() -> None:
            nonlocal tries
            for name in queue:
                acknowledged[name], took = await submit_for_sure(run, session, name, token)
                tries += took

        async def killer() -> None:
            for count in (50, 150):
                while len(acknowledged) < count:
                    await asyncio.sleep(0.005)
                os.kill(run.pid_of("services.registry"), signal.SIGKILL)

        await asyncio.gather(killer(), *(citizen() for _ in range(20)))
        assert sum("registry was ended by SIGKILL" in line for line in run.said) == 2
        assert tries > len(names), "the kills hit nobody: the test has shown nothing"
        found = await stored(run, session, "Burza")
        assert Counter(node["name"] for node in found) == Counter(names)
        assert {node["name"]: node["id"] for node in found} == acknowledged


OPEN = """mutation($input: OpenConsultationInput!) {
  openConsultation(input: $input) { consultation { id } errors { code message } }
}"""
CALENDAR = "query($id: ID!) { consultation(id: $id) { events(first: 50) { nodes { id kind } } } }"


async def open_consultation(run: EmbeddedRun, session: aiohttp.ClientSession, organization: str) -> str:
    command = {
        "title": "Konsultacje w czasie awarii",
        "organizerIds": [organization],
        "opensOn": "2098-01-01",
        "closesOn": "2098-02-01",
    }
    answer = await run.ask(session, OPEN, {"input": command}, run.token(Role.OFFICIAL))
    payload = answer["data"]["openConsultation"]
    assert payload["errors"] == []
    id_: str = payload["consultation"]["id"]
    return id_


async def in_calendar(run: EmbeddedRun, session: aiohttp.ClientSession, consultation: str) -> list[dict[str, Any]]:
    answer = await run.ask(session, CALENDAR, {"id": consultation})
    events = answer["data"]["consultation"]["events"]
    # null while the service is away: that costs its own field and nothing else
    return events["nodes"] if events else []


async def until_in_calendar(run: EmbeddedRun, session: aiohttp.ClientSession, consultations: list[str]) -> None:
    async with asyncio.timeout(40):
        for consultation in consultations:
            while len(await in_calendar(run, session, consultation)) < 2:
                await asyncio.sleep(0.05)


async def an_organization(run: EmbeddedRun, session: aiohttp.ClientSession) -> str:
    answer = await run.ask(session, "{ organizations(first: 1) { nodes { id } } }")
    id_: str = answer["data"]["organizations"]["nodes"][0]["id"]
    return id_


async def test_writes_go_on_while_nats_is_away_and_their_changes_arrive_when_it_is_back(tmp_path: Path) -> None:
    async with embedded_run(tmp_path / "data") as run, aiohttp.ClientSession() as session:
        organization = await an_organization(run, session)
        nats = run.pid_of("nats-server")
        os.kill(nats, signal.SIGSTOP)
        try:
            opened = [await open_consultation(run, session, organization) for _ in range(10)]
            assert await in_calendar(run, session, opened[0]) == []
        finally:
            os.kill(nats, signal.SIGCONT)
        await until_in_calendar(run, session, opened)
        for consultation in opened:
            assert len(await in_calendar(run, session, consultation)) == 2


async def test_nats_and_the_reacting_service_killed_in_between_lose_and_double_no_change(tmp_path: Path) -> None:
    async with embedded_run(tmp_path / "data") as run, aiohttp.ClientSession() as session:
        organization = await an_organization(run, session)
        opened: list[str] = []

        async def official() -> None:
            while len(opened) < 60:
                opened.append(await open_consultation(run, session, organization))

        async def killer() -> None:
            for count, name in ((15, "nats-server"), (30, "services.events"), (45, "nats-server")):
                while len(opened) < count:
                    await asyncio.sleep(0.005)
                os.kill(run.pid_of(name), signal.SIGKILL)

        await asyncio.gather(official(), killer())
        await run.until_said("events was ended by SIGKILL; starting it again")
        await run.until_said("nats-server was ended by SIGKILL; starting it again")
        await until_in_calendar(run, session, opened)
        for consultation in opened:
            kinds = Counter(event["kind"] for event in await in_calendar(run, session, consultation))
            assert kinds == {"CONSULTATION_OPENING": 1, "CONSULTATION_CLOSING": 1}
