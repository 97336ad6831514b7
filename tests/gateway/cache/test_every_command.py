"""After any command, nothing that the gateway remembers is older than what the services answer."""

from typing import Any

from shared.contracts.people import Role
from tests.gateway.cache.conftest import Replicas
from tests.gateway.cache.views import everything, nodes, versions
from tests.gateway.cache.walk import ALFA, Walker, calls, imported, register, small_grants, together
from tests.services.registry.moments import Travel, at
from tests.system import System

__all__ = ["at"]

EVERYTHING = everything()


async def test_what_any_command_changed_is_read_at_once_where_it_was_sent_and_elsewhere_once_the_bus_shows_it(
    replicas: Replicas, at: Travel
) -> None:
    near, far, plain = replicas.near, replicas.far, replicas.plain
    walker = Walker(near)
    own = near.token(Role.REPRESENTATIVE, subject="own", organizations=[str(ALFA["id"])])
    ids: set[str] = set()
    seen: set[str] = set()
    silent: set[str] = set()
    checked = 0

    async def check() -> None:
        """The caches are warm with what was before the command, or a few before that."""
        nonlocal checked
        checked += 1
        if checked % 6:
            return
        for token in (None, *((own, walker.official) if checked % 18 == 0 else ())):
            right = await read(plain, token)
            there = versions(right)
            # the calendar follows a consultation by itself: not a write of ours
            near.awaited |= {id_: version for id_, version in there.items() if id_ in walker.elsewhere}
            assert await read(near, token) == right
            # what reviewers alone see, and what is built in, is not told on the bus
            silent.update(id_ for id_ in there if id_.startswith("dup_") or (checked == 6 and id_.startswith("law_")))
            far.awaited |= {id_: version for id_, version in there.items() if id_ not in silent}
            assert await read(far, token) == right
            seen.update(there)
        ids.update(seen)

    async def read(city: System, token: str | None) -> Any:
        one = await city.ask(EVERYTHING, token=token)
        return one, await city.ask(nodes(sorted(ids)), token=token) if ids else {}

    for steps in (
        imported(walker),
        register(walker),
        together(walker),
        small_grants(walker, at),
        calls(walker, at),
    ):
        async for _ in steps:
            await check()
    # a command that is not in the walk is held to tell of what it writes by tests/told.py
    assert len(walker.done) >= 43
