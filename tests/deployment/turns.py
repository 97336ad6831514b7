"""Transactions of a substitute for MongoDB that end as MongoDB's do, and take turns where it would refuse.

mongoeco speaks MongoDB's protocol over one connection to SQLite. While a transaction is open it refuses everybody else,
reads too; it keeps one open for ever whose commit failed or whose client was killed. In MongoDB nobody waits to read,
and a transaction ends with its commit or after transactionLifetimeLimitSeconds. Here one also ends with the connection
of its client, for it keeps others waiting. Everybody waits for their turn, in
the order in which they came, and is refused only if it does not come soon: a client that waits has a thread and a
connection less for its own open transaction. Nothing is shown about MongoDB by this: only about everything else.

Copied into the substitute's image, so it knows nothing but mongoeco.
"""

import asyncio
import contextlib
from contextvars import ContextVar
from typing import Any

from mongoeco.wire._session_identity import wire_session_key
from mongoeco.wire.protocol import OP_MSG, decode_op_msg, encode_op_msg_response
from mongoeco.wire.proxy import AsyncMongoEcoProxyServer

LIFETIME = 5.0
"""Seconds a transaction may last."""
WAIT = 0.5
"""Seconds until whoever has not had a turn is refused."""
BUSY = {
    "ok": 0.0,
    "code": 112,
    "codeName": "WriteConflict",
    "errmsg": "Write conflict: others had their turns first",
    "errorLabels": ["TransientTransactionError"],
}
OVER = {
    "ok": 0.0,
    "code": 251,
    "codeName": "NoSuchTransaction",
    "errmsg": "the transaction lasted too long and was ended",
    "errorLabels": ["TransientTransactionError"],
}
OF_NO_DATA = {"hello", "ismaster", "isMaster", "ping", "buildInfo", "buildinfo", "saslStart", "saslContinue"}
ENDING = {"commitTransaction", "abortTransaction"}

LOOK = 0.1
"""Seconds between two looks whether the client of a transaction is still there."""

_reader: ContextVar[asyncio.StreamReader] = ContextVar("_reader")
"""Of the connection on which a command came."""


class Turns(AsyncMongoEcoProxyServer):
    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        self._turn = asyncio.Lock()
        self._working = asyncio.Lock()
        self._holder: str | None = None
        """Whose transaction has the turn: the key of its session."""
        self._expired = set[str]()
        self._last: asyncio.StreamReader | None = None
        """Of the connection on which its last command came: a driver does not stay with one."""
        self._expiry: asyncio.Task[None] | None = None

    async def _handle_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _reader.set(reader)
        await super()._handle_connection(reader, writer)

    async def _dispatch_wire_request(self, header: Any, payload: bytes, *, connection: Any) -> bytes | None:
        body: dict[str, Any] = decode_op_msg(header, payload).body if header.op_code == OP_MSG else {}
        name = next(iter(body), "")

        async def answer() -> bytes | None:
            told: bytes | None = await super(Turns, self)._dispatch_wire_request(header, payload, connection=connection)
            return told

        if name in OF_NO_DATA or not body:
            return await answer()
        if body.get("autocommit") is not False:
            if not await self._taken():
                return refused(BUSY, header)
            try:
                return await answer()
            finally:
                self._turn.release()
        session = wire_session_key(body["lsid"])
        if body.get("startTransaction"):
            if self._holder == session:
                # begun anew instead of ended
                self._end(body)
            if not await self._taken():
                return refused(BUSY, header)
            self._expired.discard(session)
            self._holder, self._expiry = session, asyncio.create_task(self._expire(session, body))
        async with self._working:
            # a commit may be asked for again, whose answer was lost
            if session in self._expired or (self._holder != session and name not in ENDING):
                return refused(OVER, header)
            self._last = _reader.get()
            try:
                return await answer()
            finally:
                if name in ENDING and self._holder == session:
                    self._end(body)

    async def _taken(self) -> bool:
        try:
            async with asyncio.timeout(WAIT):
                await self._turn.acquire()
        except TimeoutError:
            return False
        if gone(_reader.get()):
            # whoever asked was killed meanwhile, and would never end what is begun now
            self._turn.release()
            return False
        return True

    async def _expire(self, session: str, body: dict[str, Any]) -> None:
        end = asyncio.get_running_loop().time() + LIFETIME
        while asyncio.get_running_loop().time() < end and not (self._last and gone(self._last)):
            await asyncio.sleep(LOOK)
        async with self._working:
            self._expiry = None
            self._expired.add(session)
            self._end(body)

    def _end(self, body: dict[str, Any]) -> None:
        # what a failed commit left open ends here too
        with contextlib.suppress(Exception):
            self._session_store.abort_transaction(body)
        if self._expiry is not None:
            self._expiry.cancel()
        self._holder = self._expiry = self._last = None
        self._turn.release()


def gone(reader: asyncio.StreamReader) -> bool:
    """Whether the client at the other end has closed the connection, or died."""
    return reader.at_eof() or reader.exception() is not None


def refused(how: dict[str, Any], header: Any) -> bytes:
    return bytes(encode_op_msg_response(how, request_id=0, response_to=header.request_id))
