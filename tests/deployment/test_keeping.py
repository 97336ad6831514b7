"""What was acknowledged is still there when all containers are gone and made anew."""

import asyncio
from collections import Counter

import aiohttp

from tests.deployment.finding import an_organizer, stored
from tests.deployment.load import OPEN, SCHEDULE, SUBMIT, consultation, event, submission
from tests.deployment.running import ask
from tests.deployment.stack import Stack

TITLE = "Zostaje"


async def test_volumes_keep_the_data_when_all_containers_are_gone(stack: Stack) -> None:
    organizer, token = await an_organizer(stack), stack.token("official", "resident")
    before = {one.id for one in stack.all_containers()}
    async with aiohttp.ClientSession() as session:
        for query, command in (
            (SUBMIT, submission(TITLE)),
            (OPEN, consultation(TITLE, organizer)),
            (SCHEDULE, event(TITLE, organizer)),
        ):
            answer = await ask(stack, session, query, {"input": command}, token)
            assert answer["data"]["written"]["errors"] == []
    # at once, and with no time to say goodbye: what was acknowledged must not hang on a clean end
    await asyncio.to_thread(stack.compose, "down", "--timeout", "0")
    assert stack.all_containers() == []
    await asyncio.to_thread(stack.compose, "up", "--detach", "--wait")
    assert not before & {one.id for one in stack.all_containers()}
    for kind in ("submit", "open", "schedule"):
        assert Counter(node["title"] for node in await stored(stack, kind, TITLE)) == {TITLE: 1}, kind
    # the token of before is good: so are the keys
    assert token == stack.token("official", "resident")
