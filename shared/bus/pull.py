"""Messages of one JetStream pull consumer, as they come.

One request is open at a time, with the server's heartbeat on it: silence, a deleted consumer and a lost connection
all end the iteration with an exception, and the caller starts again from what it knows. (The client's own `fetch`
takes "consumer deleted" for "no messages yet".)
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from shared.bus.connection import LOST, Connection

_HEARTBEAT = 2.0
_SILENCE = 3 * _HEARTBEAT
_EXPIRES = 30.0
_GIVE_BACK = 1.0
_NANOSECONDS = 1_000_000_000


class ConsumerLost(NatsError):
    """The server says that this consumer cannot be asked any more."""


def go_on() -> None:
    """Raises CancelledError in a task that was told to end.

    The client takes a cancel that comes just when the connection is lost for the loss of it, and one that comes while
    it flushes for nothing at all. Who goes on then never ends, and neither does the process that waits for it.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def pull(
    connection: Connection, stream: str, consumer: str, room: Callable[[], Awaitable[int]]
) -> AsyncGenerator[Msg]:
    """`room` says how many more messages may come; it may wait until that is more than none."""
    client = connection.client()
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox)
    try:
        while True:
            wanted = await room()
            request = {
                "batch": wanted,
                "expires": int(_EXPIRES * _NANOSECONDS),
                "idle_heartbeat": int(_HEARTBEAT * _NANOSECONDS),
            }
            await client.publish(
                f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}", json.dumps(request).encode(), reply=inbox
            )
            while wanted:
                go_on()
                message = await subscription.next_msg(timeout=_SILENCE)
                if message.subject != inbox:
                    wanted -= 1
                    yield message
                    continue
                status = (message.headers or {}).get("Status")
                if status in ("404", "408"):  # the request has ended without (more) messages
                    break
                if status != "100":
                    raise ConsumerLost(f"{status} {(message.headers or {}).get('Description', '')}")
    finally:
        with contextlib.suppress(*LOST):
            async with asyncio.timeout(_GIVE_BACK):
                await _give_back(client, subscription, inbox)


async def _give_back(client: Client, subscription: Subscription, inbox: str) -> None:
    """What is on its way to us when we go: else the server would wait for our answer before it asks another."""
    ending = asyncio.create_task(subscription.drain())  # type: ignore[no-untyped-call] # it has no annotation
    try:
        while not ending.done():
            with contextlib.suppress(TimeoutError):
                message = await subscription.next_msg(timeout=0.05)
                if message.subject != inbox:
                    await client.publish(message.reply, Msg.Ack.Nak)
    finally:
        ending.cancel()
        await asyncio.gather(ending, return_exceptions=True)
