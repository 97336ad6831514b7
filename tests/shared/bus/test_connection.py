import asyncio
import logging
import sys
import time
from pathlib import Path

import pytest
from nats.js.api import StorageType

from deploy.embedded.nats import NatsServer
from shared.bus.nats import SERVICES, Bus, BusUnavailable
from shared.environment import BadUrl
from shared.ids import new_id
from tests.shared.bus.conftest import Connect
from tests.shared.bus.samples import ask, change_of, comes_true, stored


async def test_many_processes_at_once_find_the_streams_as_they_should_be(connect: Connect) -> None:
    buses = [await connect() for _ in range(8)]
    async with asyncio.timeout(10):
        for bus in buses:
            await bus.connected.wait()
    streams = {s.config.name: s.config for s in await ask(buses[0], lambda js: js.streams_info())}
    assert set(streams) == {f"CHANGES_{service.upper()}" for service in SERVICES} | {"DEAD"}
    registry = streams["CHANGES_REGISTRY"]
    assert registry.subjects == ["changes.registry.>"]
    assert registry.storage == StorageType.FILE
    assert not registry.max_age
    assert registry.duplicate_window == 600


async def test_limits_that_an_operator_gave_a_stream_stay(bus: Bus, connect: Connect) -> None:
    info = await ask(bus, lambda js: js.stream_info("DEAD"))
    await ask(bus, lambda js: js.update_stream(info.config, max_age=86_400))
    other = await connect()
    async with asyncio.timeout(5):
        await other.connected.wait()
    assert (await ask(other, lambda js: js.stream_info("DEAD"))).config.max_age == 86_400


async def test_the_same_change_published_again_is_in_the_stream_once(bus: Bus) -> None:
    change = change_of(new_id("nte"))
    await asyncio.gather(*(bus.publish(change) for _ in range(10)))
    assert await stored(bus) == 1


async def test_without_nats_a_service_starts_and_publishing_fails_at_once(tmp_path: Path) -> None:
    server = NatsServer(tmp_path)
    bus = await Bus.connect(server.url, name="test")
    with pytest.raises(BusUnavailable):
        await bus.publish(change_of(new_id("nte")))
    await server.start()
    async with asyncio.timeout(5):
        await bus.connected.wait()
    await bus.publish(change_of(new_id("nte")))
    await bus.close()
    await server.stop()


async def test_losing_nats_ends_at_once_what_waits_for_it(bus: Bus, server: NatsServer) -> None:
    async def publish_until_it_fails() -> None:
        while True:
            await bus.publish(change_of(new_id("nte")))

    publishing = [asyncio.create_task(publish_until_it_fails()) for _ in range(20)]
    await asyncio.sleep(0.1)
    await server.kill()
    started = time.monotonic()
    for failed in await asyncio.gather(*publishing, return_exceptions=True):
        assert isinstance(failed, BusUnavailable)
    assert time.monotonic() - started < 2.0
    assert not bus.connected.is_set()


async def test_an_outage_is_logged_in_a_line_and_without_stack_traces(
    bus: Bus, server: NatsServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    watch = bus.watch(["registry"], lambda _: asyncio.sleep(0), lambda: None)
    await watch.ready()
    await server.kill()
    await asyncio.sleep(1.0)
    await server.start()
    async with asyncio.timeout(5):
        await watch.ready()
    assert not [record for record in caplog.records if record.exc_info]
    assert len([r for r in caplog.records if r.levelno >= logging.WARNING]) <= 3


async def test_an_embedded_server_keeps_its_data_and_port_over_a_kill(bus: Bus, server: NatsServer) -> None:
    await bus.publish(change_of(new_id("nte")))
    url = server.url
    await server.kill()
    await server.start()
    assert server.url == url
    async with asyncio.timeout(5):
        await bus.connected.wait()
    assert await stored(bus) == 1


async def test_an_embedded_server_that_cannot_start_says_why(server: NatsServer, tmp_path: Path) -> None:
    second = NatsServer(tmp_path / "second", server.port)
    with pytest.raises(RuntimeError, match="address already in use"):
        await second.start()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
async def test_an_embedded_server_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import asyncio, os, signal, sys; from pathlib import Path; from deploy.embedded.nats import NatsServer\n"
        "async def main():\n"
        "    server = NatsServer(Path(sys.argv[1])); await server.start(); print(server.pid, flush=True)\n"
        "    await asyncio.sleep(30)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    await comes_true(lambda: asyncio.sleep(0, not _runs(pid)))


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    "url",
    ["nats://jasne:ta/jne@127.0.0.1:4222", "nats://jasne@127.0.0.1:tajne", "nats://a:1,nats://tajne:x", "nats://"],
)
async def test_a_url_that_cannot_be_read_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(BadUrl, match=r"NATS_URL cannot be read") as refusal:
        await Bus.connect(url, name="test")
    assert "ta" not in str(refusal.value)


async def test_the_log_names_the_server_without_the_password(
    server: NatsServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        bus = await Bus.connect(server.url.replace("//", "//jasne:tajne-haslo@"), name="test")
        async with asyncio.timeout(10):
            await bus.connected.wait()
        await server.kill()
        async with asyncio.timeout(10):
            while bus.connected.is_set() or "lost" not in caplog.text:
                await asyncio.sleep(0.02)
        await bus.close()
    assert f"connected to NATS at 127.0.0.1:{server.port}" in caplog.text
    assert "tajne-haslo" not in caplog.text
