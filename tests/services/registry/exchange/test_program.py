"""The program alone: what it says when things go wrong. The registry here is a stand-in."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from aiohttp import web

from services.registry.exchange.protocol import Done, ImportOrganizations, RowsImported, RowTaken
from shared.contracts.base import encode
from shared.ids import new_id

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def stand_in(answer: Answer) -> AsyncIterator[str]:
    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def run(url: str, *arguments: str | Path) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.registry", *map(str, arguments)),
        env={"PATH": "", "REGISTRY_URL": url, "TOKEN": "x"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def taking(request: web.Request) -> web.Response:
    asked = msgspec.json.decode(await request.read(), type=ImportOrganizations)
    taken = tuple(RowTaken(row=row.number, done=Done.CREATED, id=new_id("org")) for row in asked.rows)
    return web.Response(body=encode(RowsImported(created=len(taken), taken=taken)))


def table(path: Path, rows: int, end: str = "") -> Path:
    lines = (f"Fundacja {n},FOUNDATION,{n:010}\n" for n in range(rows))
    path.write_text("name,legalForm,krs\n" + "".join(lines) + end)
    return path


@pytest.mark.parametrize("gone", [True, False])
async def test_an_import_that_breaks_off_says_how_far_it_came(tmp_path: Path, gone: bool) -> None:
    asked = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        if asked < 3:
            return await taking(request)
        if gone and request.transport is not None:
            request.transport.abort()
        problem = {"code": "STORE_UNAVAILABLE", "message": "Baza danych nie odpowiada."}
        return web.json_response({"errors": [problem]}, status=503)

    async with stand_in(answer) as url:
        code, _, err = await run(url, "import", table(tmp_path / "a.csv", 500))
    assert code == 1
    assert "Zapisano wierszy: 400 " in err
    assert "Rows stored: 400 " in err
    assert "Run the import again: that is safe" in err
    # whether a batch without an answer was stored nobody knows; one that was declined was not
    assert ("of 100 more it is not known" in err) == gone
    assert ("STORE_UNAVAILABLE" in err) != gone


async def test_a_file_that_breaks_off_says_so_and_leaves_the_next_file_alone(tmp_path: Path) -> None:
    broken, whole = table(tmp_path / "a.csv", 250, '"unfinished'), table(tmp_path / "b.csv", 3)
    page = tmp_path / "odpis.json"
    page.write_text("<!DOCTYPE html><html>Przerwa techniczna</html>")
    async with stand_in(taking) as url:
        code, out, err = await run(url, "import", broken, page, whole, tmp_path / "none.csv")
    assert code == 1
    assert "a.csv: przerwano: To nie jest poprawny plik CSV" in err
    assert "Rows stored: 200 " in err
    assert "odpis.json: To nie jest JSON; rejestr KRS" in err
    assert "none.csv: nie ma takiego pliku" in err
    assert "b.csv: created 3" in out


async def test_a_page_that_is_no_registry_is_told_so(tmp_path: Path) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>Bad gateway</html>", status=502, content_type="text/html")

    async with stand_in(page) as url:
        _, _, err = await run(url, "import", table(tmp_path / "a.csv", 1))
        assert "check --url" in err
        code, _, err = await run(url, "export", "csv", "--output", tmp_path / "out.csv")
        assert (code, "sprawdź --url" in err) == (1, True)
        assert not list(tmp_path.glob("out.csv*"))


async def test_an_export_that_breaks_off_leaves_no_half_file(tmp_path: Path) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b'{"grants":[')
        if request.transport is not None:
            request.transport.abort()
        return response

    async with stand_in(half) as url:
        code, _, _ = await run(url, "export", "360giving", "--output", tmp_path / "grants.json")
    assert code == 1
    assert not list(tmp_path.glob("grants*"))
