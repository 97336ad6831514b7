"""A collector that is there gets the last spans of a process; one that is away costs neither requests nor an end."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import aiohttp
import pytest

from deploy.embedded.children import Child
from deploy.embedded.keys import ISSUER, Keys
from deploy.embedded.nats import NatsServer
from shared.ids import new_id
from tests.system import free_port
from tests.traced import collecting

BRIEF = """from shared import tracing
tracing.begin("brief")
with tracing.entry("last", tracing.Kind.SERVER, None), tracing.span("step"):
    pass
"""
SILENT = "a collector that takes connections and says nothing"


async def test_the_last_spans_leave_before_the_process_ends() -> None:
    async with collecting() as collector:
        settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "60000"}
        environment = os.environ | settings | {"PYTHONPATH": ".", "NO_PROXY": "127.0.0.1"}
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", BRIEF, env=environment)
        assert await process.wait() == 0
        assert {(span.service, span.name) for span in collector.spans} == {
            ("jasne-brief", "last"),
            ("jasne-brief", "step"),
        }


@pytest.mark.parametrize("collector", ["none is there", SILENT])
async def test_requests_are_answered_without_a_collector(tmp_path: Path, collector: str) -> None:
    held: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    at = silent.sockets[0].getsockname()[1] if collector == SILENT else free_port()
    keys = Keys(tmp_path / "keys")
    keys.ensure()
    nats = NatsServer(tmp_path / "nats")
    await nats.start()
    port = free_port()
    settings = {
        "PORT": str(port),
        "STORE_URL": f"sqlite://{tmp_path}/events.db",
        "NATS_URL": nats.url,
        "JWKS_URL": keys.jwks_url,
        "TOKEN_ISSUER": ISSUER,
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://user:tajne-haslo@127.0.0.1:{at}",
        "OTEL_BSP_SCHEDULE_DELAY": "20",
        "OTEL_BSP_MAX_QUEUE_SIZE": "64",
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "16",
        "NO_PROXY": "127.0.0.1",
    }
    log = tmp_path / "events.log"
    child = Child("events", "services.events", os.environ | settings, log, f"http://127.0.0.1:{port}/ready")
    await child.start()
    try:
        async with aiohttp.ClientSession() as session:

            async def ask() -> int:
                url = f"http://127.0.0.1:{port}/v1/events/batch"
                async with session.post(url, json={"ids": [new_id("evt")]}) as answer:
                    return answer.status

            for _ in range(10):
                assert set(await asyncio.gather(*(ask() for _ in range(30)))) == {200}
        assert child._process is not None
        child._process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert await asyncio.wait_for(child._process.wait(), 20) == 0
        # the SDK by itself would wait for half a minute; bounded, it is a few seconds even here
        assert time.monotonic() - began < 15
    finally:
        await child.stop()
        await nats.stop()
        for writer in held:
            writer.close()
        silent.close()
    told = [line for line in log.read_text().splitlines() if "opentelemetry" in line or "collector" in line]
    assert len(told) == 1, told
    assert "the collector takes no spans at the moment" in told[0]
    assert "tajne-haslo" not in log.read_text()
    assert "Traceback" not in log.read_text()
