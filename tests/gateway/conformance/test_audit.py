"""GraphQL over HTTP as its own audit suite (npm: graphql-http) sees it."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.gateway.conformance.node import Script
from tests.system import System

type Start = Callable[..., Awaitable[Script]]


async def audits(start: Start, *arguments: str) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = await (await start("audit.mjs", *arguments)).said()
    assert len(said) > 60
    return said


async def test_every_must_and_every_should_is_kept(town: System, script: Start) -> None:
    outcomes = await audits(script, town.graphql)
    assert {outcome["name"].split()[0] for outcome in outcomes} == {"MUST", "SHOULD", "MAY"}
    failed = [outcome for outcome in outcomes if outcome["status"] != "ok"]
    assert [outcome for outcome in failed if not outcome["name"].startswith("MAY ")] == []
    # GET without a header that no other site can send is what the protection against forged requests declines
    assert all("GET" in outcome["name"] for outcome in failed)


async def test_with_the_header_against_forged_requests_every_may_is_kept_too(town: System, script: Start) -> None:
    assert [outcome for outcome in await audits(script, town.graphql, "preflight") if outcome["status"] != "ok"] == []
