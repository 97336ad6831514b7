"""The loader against real HTTP services that keep the import protocol."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from deploy.seed import load as loading
from deploy.seed.load import BYTES_MAX, LINES_MAX, load
from deploy.seed.records import SERVICE_OF, line_of, seed_records

TOKEN = "a-token"
SEED = [line_of(collection, entity) for collection, entity in seed_records()]


@dataclass
class City:
    """Three services behind one port, which check what they are sent as the real ones promise to."""

    url: str = ""
    stored: dict[str, Any] = field(default_factory=dict)
    arrived: list[str] = field(default_factory=list)
    requests: list[tuple[str, int]] = field(default_factory=list)
    faults: list[int | str] = field(default_factory=list)

    @property
    def urls(self) -> dict[str, str]:
        return {service: f"{self.url}/{service}" for service in set(SERVICE_OF.values())}

    async def take(self, request: web.Request) -> web.Response:
        service = request.match_info["service"]
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"errors": [{"code": "NOT_ALLOWED", "message": "no such token"}]}, status=401)
        assert request.content_type == "application/jsonl"
        lines = (await request.read()).split(b"\n")
        self.requests.append((service, len(lines)))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, int):
            return web.json_response({"errors": [{"code": "FAULT", "message": "as asked"}]}, status=fault)
        stored, unchanged, errors = 0, 0, list[dict[str, Any]]()
        for number, line in enumerate(lines, start=1):
            sent = msgspec.json.decode(line)
            assert SERVICE_OF[sent["collection"]] == service
            entity = sent["entity"]
            if entity.get("refuse"):
                errors.append({"line": number, "message": "refused as asked"})
            elif self.stored.get(entity["id"]) == entity:
                unchanged += 1
            else:
                self.stored[entity["id"]] = entity
                self.arrived.append(entity["id"])
                stored += 1
        if fault == "cut" and request.transport:
            # Stored, but the answer never arrives.
            request.transport.abort()
        if fault == "nonsense":
            return web.Response(text="<html>", content_type="text/html")
        return web.json_response({"stored": stored, "unchanged": unchanged, "errors": errors})


@pytest.fixture
async def city(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[City]:
    monkeypatch.setattr(loading, "RETRY_AFTER", (0.0, 0.0))
    city = City()
    app = web.Application()
    app.router.add_post("/{service}/v1/import", city.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    city.url = f"http://{host}:{port}"
    yield city
    await runner.cleanup()


def line(collection: str, id_: str, **more: object) -> bytes:
    return msgspec.json.encode({"collection": collection, "entity": {"id": id_, **more}})


async def test_the_seed_arrives_whole_and_in_order(city: City) -> None:
    done: list[int] = []
    outcome = await load(city.urls, TOKEN, SEED, done.append)
    assert str(outcome) == f"stored {len(SEED)}, unchanged 0, errors 0"
    assert sum(done) == len(SEED)
    assert city.arrived == [entity.id for _, entity in seed_records()]
    assert [service for service, _ in city.requests] == ["registry", "consultations", "events"]


async def test_loading_again_changes_nothing(city: City) -> None:
    await load(city.urls, TOKEN, SEED, unwatched)
    outcome = await load(city.urls, TOKEN, SEED, unwatched)
    assert (outcome.stored, outcome.unchanged, outcome.errors) == (0, len(SEED), [])


async def test_requests_are_bounded_in_lines_and_bytes(city: City) -> None:
    lines = [line("events", str(number)) for number in range(2 * LINES_MAX + 1)]
    lines += [line("events", f"large {number}", text="x" * (BYTES_MAX // 3)) for number in range(4)]
    outcome = await load(city.urls, TOKEN, lines, unwatched)
    assert outcome.stored == len(lines)
    assert [count for _, count in city.requests] == [LINES_MAX, LINES_MAX, 3, 2]


@pytest.mark.parametrize("faults", [[503], ["cut"], [503, "cut"]])
async def test_what_may_be_lost_is_sent_again(city: City, faults: list[int | str]) -> None:
    city.faults = [*faults]
    outcome = await load(city.urls, TOKEN, SEED, unwatched)
    assert outcome.errors == []
    assert outcome.stored + outcome.unchanged == len(SEED) == len(city.stored)
    assert len(city.requests) == 3 + len(faults)


async def test_a_service_that_stays_away_ends_the_load(city: City) -> None:
    city.faults = [503] * 3
    outcome = await load(city.urls, TOKEN, SEED, unwatched)
    assert len(city.requests) == 3
    (error,) = outcome.errors
    assert "registry" in error
    assert "does not answer: 503" in error


async def test_a_service_that_is_not_there_ends_the_load(city: City, unused_tcp_port: int) -> None:
    outcome = await load(city.urls | {"events": f"http://127.0.0.1:{unused_tcp_port}"}, TOKEN, SEED, unwatched)
    (error,) = outcome.errors
    assert "events" in error
    assert outcome.stored == len([line for line in SEED if b'"collection":"events"' not in line])


async def test_a_wrong_token_is_not_tried_twice(city: City) -> None:
    outcome = await load(city.urls, "another", SEED, unwatched)
    (error,) = outcome.errors
    assert "HTTP 401: NOT_ALLOWED: no such token" in error
    assert city.stored == {}


@pytest.mark.parametrize(
    ("fault", "said"), [(400, "HTTP 400: FAULT: as asked"), (500, "HTTP 500"), ("nonsense", "not an import's")]
)
async def test_a_refused_request_is_reported_and_the_rest_sent(city: City, fault: int | str, said: str) -> None:
    city.faults = [fault]
    outcome = await load(city.urls, TOKEN, SEED, unwatched)
    (error,) = outcome.errors
    assert error.startswith("registry, lines 1 to ")
    assert said in error
    assert [service for service, _ in city.requests] == ["registry", "consultations", "events"]


async def test_errors_name_the_line_of_the_input(city: City) -> None:
    lines = [
        line("districts", "a"),
        b"\n",
        b"{",
        line("towns", "b"),
        line("events", "c"),
        b'{"collection": "events"}',
        line("events", "d", refuse=True),
    ]
    outcome = await load(city.urls, TOKEN, lines, unwatched)
    assert (outcome.stored, len(outcome.errors)) == (2, 4)
    assert "events, line 7: refused as asked" in outcome.errors
    for start in ("line 3: ", "line 4: unknown collection 'towns'", "line 6: "):
        assert any(error.startswith(start) for error in outcome.errors)


async def test_the_program_ends_with_counts_and_exit_code(city: City, tmp_path: Path) -> None:
    async def run(*what: str) -> tuple[int | None, str, str]:
        urls = [part for service, url in city.urls.items() for part in (f"--{service}", url)]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "deploy.seed.load", *urls, "--token", TOKEN, *what),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return process.returncode, out.decode().strip(), err.decode()

    assert (await run("--seed"))[:2] == (0, f"stored {len(SEED)}, unchanged 0, errors 0")
    file = tmp_path / "records.jsonl"
    file.write_bytes(b"\n".join(SEED) + b"\n")
    assert (await run(str(file)))[:2] == (0, f"stored 0, unchanged {len(SEED)}, errors 0")
    city.faults = [422]
    code, out, err = await run("--seed")
    assert (code, out.endswith("errors 1")) == (1, True)
    assert "HTTP 422" in err


def unwatched(_: int) -> None:
    """Nobody watches the progress."""
