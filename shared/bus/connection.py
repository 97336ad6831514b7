"""The connection to NATS: made in the background, and made anew for as long as the process lives.

The client's own reconnecting is not used. It gives up for good on some errors, and it keeps requests waiting, and
publishes buffered, over a gap of any length. Here a lost connection ends whatever waits for it, at once, and the
next one starts from nothing.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import BadRequestError, NotFoundError

from shared.environment import BadUrl

SERVICES = ("registry", "consultations", "events")
"""Each has a stream of its own, with its subjects below `changes.<service>`."""
DEAD = "DEAD"

LOST = (NatsError, OSError, TimeoutError)
"""What the client raises when NATS cannot be reached or does not do what it was asked."""

_ANSWER_PATIENCE = 10.0
_DRAIN_PATIENCE = 5.0
_STREAM_EXISTS = 10058
_log = logging.getLogger(__name__)


class BusUnavailable(Exception):
    """NATS cannot be reached, or cannot take what it was given at the moment."""


def stream_of(service: str) -> str:
    return f"CHANGES_{service.upper()}"


class _Client(Client):
    async def _close(self, status: int, do_cbs: bool = True) -> None:
        # The client would first write what is pending to the dead socket, and what that raises keeps it from closing
        # anything and from telling us. After `drain` nothing is pending.
        self._pending.clear()
        self._pending_data_size = 0
        await super()._close(status, do_cbs)


class Connection:
    """`up` is set while there is a connection and the streams exist."""

    def __init__(self, url: str, *, name: str, replicas: int, credentials: Path | None) -> None:
        self.up = asyncio.Event()
        self._servers = [_readable(server) for server in url.split(",")]
        self._name = name
        self._replicas = replicas
        self._credentials = credentials
        self._client: Client | None = None
        self._asking: set[asyncio.Timeout] = set()
        self._ears: dict[str, Callable[[], None]] = {}
        self._reported = False
        self._task = asyncio.create_task(self._keep())

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])
        if self._client is not None:
            with contextlib.suppress(*LOST):
                async with asyncio.timeout(_DRAIN_PATIENCE):
                    await self._client.drain()
        self._down()

    def client(self) -> Client:
        if self._client is None or self._client.is_closed:
            raise BusUnavailable("there is no connection to NATS")
        return self._client

    async def ask[T](self, question: Callable[[JetStreamContext], Awaitable[T]]) -> T:
        """JetStream's answer. Raises BusUnavailable (at once when the connection is lost) and NotFoundError."""
        js = self.client().jetstream(timeout=_ANSWER_PATIENCE)
        try:
            async with asyncio.timeout(None) as patience:
                self._asking.add(patience)
                return await question(js)
        except NotFoundError:
            raise
        except LOST as error:
            raise BusUnavailable(str(error) or type(error).__name__) from error
        finally:
            self._asking.discard(patience)

    async def hear(self, subject: str, callback: Callable[[], None]) -> None:
        """Call back when anybody nudges the subject. A hint only: what is sent while nobody listens is gone."""
        self._ears[subject] = callback
        if self._client is not None:
            with contextlib.suppress(*LOST):
                await _listen(self._client, subject, callback)

    async def nudge(self, subject: str) -> None:
        with contextlib.suppress(*LOST):
            await self.client().publish(subject)

    async def _keep(self) -> None:
        pause = 0.1
        while True:
            client, lost = _Client(), asyncio.Event()
            try:
                await self._open(client, lost)
            except BaseException as error:
                with contextlib.suppress(Exception):  # of a connection that was never made
                    await client.close()
                if not isinstance(error, Exception):
                    raise
                await self._report(error)  # whatever it was: a process without its bus must go on trying
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
                continue
            pause = 0.1
            while not client.is_closed:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1.0):  # in case it forgets to call back
                        await lost.wait()
            self._down()
            _log.warning("the connection to NATS is lost: %s", client.last_error or "closed")

    async def _open(self, client: Client, lost: asyncio.Event) -> None:
        async def closed() -> None:
            lost.set()
            if self._client is client:
                self._down()

        await client.connect(
            self._servers,
            name=self._name,
            user_credentials=self._credentials,
            allow_reconnect=False,
            max_reconnect_attempts=-1,  # of the first connection: it tries the servers in turn until one answers
            reconnect_time_wait=0.25,  # type: ignore[arg-type] # declared int, but it only sleeps for it
            connect_timeout=3,
            ping_interval=10,
            max_outstanding_pings=2,
            error_cb=self._report,
            closed_cb=closed,
        )
        await self._create_streams(client.jetstream(timeout=_ANSWER_PATIENCE))
        for subject, callback in self._ears.items():
            await _listen(client, subject, callback)
        if client.is_closed:
            raise BusUnavailable("lost again at once")
        self._client = client
        self._reported = False
        self.up.set()
        _log.info("connected to NATS at %s", _place(client))

    def _down(self) -> None:
        self._client = None
        self.up.clear()
        now = asyncio.get_running_loop().time()
        for patience in self._asking:
            patience.reschedule(now)

    async def _report(self, error: Exception) -> None:
        # once per outage: the rest would say the same four times a second
        level = logging.DEBUG if self._reported else logging.WARNING
        self._reported = True
        _log.log(level, "NATS: %s", str(error) or type(error).__name__)

    async def _create_streams(self, js: JetStreamContext) -> None:
        wanted = {stream_of(service): f"changes.{service}.>" for service in SERVICES} | {DEAD: "dead.>"}
        for name, subject in wanted.items():
            config = StreamConfig(
                name=name,
                subjects=[subject],
                storage=StorageType.FILE,
                retention=RetentionPolicy.LIMITS,
                num_replicas=self._replicas,
                duplicate_window=600,
            )
            try:
                await js.add_stream(config)
            except BadRequestError as error:
                # an operator may have given it other limits; those stay
                if error.err_code != _STREAM_EXISTS:
                    raise


def _readable(url: str) -> str:
    """Raises BadUrl: the client would go on trying, and say in the log which part of it is no port."""
    try:
        parts = urlsplit(url if "://" in url else f"nats://{url}")
        good = bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise BadUrl("NATS_URL cannot be read: nats://user:password@host:port, escaped")
    return url


def _place(client: Client) -> str:
    # not `netloc`, which has the password
    at = client.connected_url
    return f"{at.hostname}:{at.port}" if at else "?"


async def _listen(client: Client, subject: str, callback: Callable[[], None]) -> None:
    async def heard(_: Msg) -> None:
        callback()

    await client.subscribe(subject, cb=heard)


def _without_traceback(record: logging.LogRecord) -> bool:
    if record.exc_info and record.exc_info[1] is not None:
        record.msg, record.args = "%s: %s", (record.msg, record.exc_info[1])
        record.exc_info = None
    return True


# the client logs what it catches with a stack trace, for instance of a socket that was reset
logging.getLogger("nats.aio.client").addFilter(_without_traceback)
