"""A gateway that is told to stop answers on, takes no new subscriptions, and sends those it has to another replica."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from deploy.embedded.keys import ISSUER
from gateway import app as gateway_app
from gateway.http.server import Runner
from gateway.settings import Settings
from shared.serving import Draining
from tests.gateway.http.test_streams import ASKED
from tests.system import System


async def test_subscriptions_are_sent_elsewhere_while_requests_are_answered(town: System) -> None:
    draining = Draining(1.0)
    settings = Settings("127.0.0.1", 0, town.urls, town.nats_url, town.keys.jwks_url, ISSUER)
    app = await gateway_app.application(settings, draining)
    runner = Runner(app, draining, shutdown_timeout=2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    feed = app[gateway_app.FEED]
    async with aiohttp.ClientSession() as session:
        stream = await session.post(f"{base}/graphql", **ASKED)
        socket = await session.ws_connect(f"{base}/graphql", protocols=["graphql-transport-ws"])
        await socket.send_json({"type": "connection_init"})
        assert (await socket.receive_json())["type"] == "connection_ack"
        async with asyncio.timeout(5):
            while feed.listeners != 1:
                await asyncio.sleep(0.01)
        ending = asyncio.create_task(runner.cleanup())
        await asyncio.sleep(0)

        async def answered() -> None:
            async with session.post(f"{base}/graphql", json={"query": "{ __typename }"}) as answer:
                assert await answer.json() == {"data": {"__typename": "Query"}}
                assert answer.headers["Connection"] == "close"

        await answered()
        async with session.get(f"{base}/ready") as answer:
            assert answer.status == 503
        # who would subscribe is sent on at once, over either way
        async with session.post(f"{base}/graphql", **ASKED) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
            assert (await answer.json(content_type=None))["errors"][0]["extensions"]["code"] == "GOING_AWAY"
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(f"{base}/graphql", protocols=["graphql-transport-ws"])
        assert refused.value.status == 503
        # who has subscribed is told when others have had time to notice: no `complete`, for they shall come back
        assert not ending.done()
        told = await socket.receive(timeout=5)
        assert (told.type, told.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.GOING_AWAY)
        assert b"complete" not in await asyncio.wait_for(stream.read(), 5)
        assert not ending.done()
        await answered()
        await ending
