"""`make run`: starts, seeds once, stops cleanly, and says in one clear line what is wrong."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.deploy.embedded.runs import EmbeddedRun, embedded_run, free_ports

COUNTS = "{ organizations { totalCount } consultations { totalCount } events { totalCount } districts { totalCount } }"


def _alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        # one that has ended but that nobody has waited for is a zombie
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


async def test_the_seed_is_loaded_on_the_first_start_and_found_again_on_the_second(tmp_path: Path) -> None:
    counts = []
    for start in (1, 2):
        async with embedded_run(tmp_path / "dane z Częstochowy – „źródła”") as run, aiohttp.ClientSession() as session:
            assert any("seed data" in line for line in run.said) is (start == 1)
            counts.append((await run.ask(session, COUNTS))["data"])
            assert await run.end() == 0
    # the calendar may still have been filling when the first was counted
    assert counts[0] | {"events": None} == counts[1] | {"events": None}
    assert counts[1]["organizations"]["totalCount"] >= 45
    assert counts[1]["consultations"]["totalCount"] == 1


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
async def test_stopping_ends_every_process_and_prints_no_stack_trace(tmp_path: Path, sign: signal.Signals) -> None:
    async with embedded_run(tmp_path / "data") as run:
        names = ("services.registry", "services.consultations", "services.events", "gateway", "nats-server")
        pids = [run.pid_of(name) for name in names]
        assert await run.end(sign) == 0
    assert not [pid for pid in pids if _alive(pid)]
    assert run.said[-1] == "stopping"
    assert not [line for line in run.said if "Traceback" in line]


async def test_a_child_that_dies_again_while_it_starts_is_one_more_death(tmp_path: Path) -> None:
    async with embedded_run(tmp_path / "data") as run, aiohttp.ClientSession() as session:
        for count in range(1, 4):
            old = run.pid_of("services.events")
            os.kill(old, signal.SIGKILL)
            async with asyncio.timeout(20):
                while True:
                    with contextlib.suppress(LookupError):
                        if run.pid_of("services.events") != old:
                            break
                    await asyncio.sleep(0.01)
            # said before it is started, and read from the other end of a pipe
            async with asyncio.timeout(5):
                while (told := sum("events was ended by SIGKILL" in line for line in run.said)) < count:
                    await asyncio.sleep(0.01)
            assert told == count
        async with asyncio.timeout(30):
            while "errors" in await run.ask(session, COUNTS):
                await asyncio.sleep(0.05)


async def test_stopping_tells_subscribers_that_the_gateway_goes_away(tmp_path: Path) -> None:
    async with embedded_run(tmp_path / "data") as run, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{run.layout.port}/graphql"
        async with session.ws_connect(url, protocols=["graphql-transport-ws"]) as socket:
            await socket.send_json({"type": "connection_init"})
            assert (await socket.receive_json(timeout=5))["type"] == "connection_ack"
            payload = {"query": "subscription { changes { id } }"}
            await socket.send_json({"id": "1", "type": "subscribe", "payload": payload})
            await socket.send_json({"type": "ping"})
            assert (await socket.receive_json(timeout=5))["type"] == "pong"
            _, closed = await asyncio.gather(run.end(), _close_of(socket))
            assert (closed.type, socket.close_code) == (aiohttp.WSMsgType.CLOSE, 1001)


async def _close_of(socket: aiohttp.ClientWebSocketResponse) -> aiohttp.WSMessage:
    """Past changes that the calendar still makes of the seed."""
    while (message := await socket.receive(timeout=20)).type is aiohttp.WSMsgType.TEXT:
        pass
    return message


@pytest.mark.parametrize("port", ["0", "65532", "abc", "-1"])
async def test_a_port_that_is_none_gives_one_clear_line(tmp_path: Path, port: str) -> None:
    command = (sys.executable, "-m", "deploy.embedded")
    environment = os.environ | {"PORT": port, "DATA_DIR": str(tmp_path)}
    run = await asyncio.create_subprocess_exec(*command, env=environment, stderr=asyncio.subprocess.PIPE)
    async with asyncio.timeout(10):
        _, said = await run.communicate()
    assert run.returncode == 1
    assert said.decode().startswith("PORT")
    assert said.count(b"\n") == 1


async def test_when_the_runner_is_killed_its_children_end_too(tmp_path: Path) -> None:
    async with embedded_run(tmp_path / "data") as run:
        pids = [run.pid_of(name) for name in ("services.registry", "gateway", "nats-server")]
        await run.end(signal.SIGKILL)
    async with embedded_run(tmp_path / "data", run.layout.port):
        # the ports and the data are free again, so the children are gone
        assert not [pid for pid in pids if _alive(pid)]


@pytest.mark.parametrize("place", range(5))
async def test_a_port_in_use_gives_one_clear_line(tmp_path: Path, place: int) -> None:
    port = free_ports()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + place))
        other.listen()
        run = EmbeddedRun(port, tmp_path / "data")
        await run.begin()
        assert await run.over() == 1
    (line,) = run.said
    assert f"port {port + place}" in line
    assert "PORT=" in line


async def test_a_second_run_on_the_same_data_gives_one_clear_line(tmp_path: Path) -> None:
    async with embedded_run(tmp_path / "data"):
        second = EmbeddedRun(free_ports(), tmp_path / "data")
        await second.begin()
        assert await second.over() == 1
    (line,) = second.said
    assert "DATA_DIR=" in line


async def test_a_data_folder_that_cannot_be_made_gives_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = EmbeddedRun(free_ports(), tmp_path / "file" / "data")
    await run.begin()
    assert await run.over() == 1
    assert len(run.said) == 1


async def test_a_service_that_cannot_start_gives_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "registry.db").write_bytes(b"this is no database " * 100)
    run = EmbeddedRun(free_ports(), tmp_path / "data")
    await run.begin()
    assert await run.over() == 1
    said = [line for line in run.said if line]
    assert len(said) == 1, said
    assert "registry" in said[0]


async def test_a_dead_child_is_named_in_one_line_and_started_again(tmp_path: Path) -> None:
    async with embedded_run(tmp_path / "data") as run, aiohttp.ClientSession() as session:
        os.kill(run.pid_of("services.registry"), signal.SIGKILL)
        await run.until_said("registry was ended by SIGKILL; starting it again")
        while "errors" in (answer := await run.ask(session, COUNTS)):
            assert answer["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
            # asked as fast as can be, it would cost the client its budget
            await asyncio.sleep(0.02)
        assert answer["data"]["organizations"]["totalCount"] >= 45
