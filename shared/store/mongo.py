"""The store in MongoDB, on a replica set: the one module that knows the driver."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorDatabase
from pymongo import UpdateOne
from pymongo.errors import (
    CollectionInvalid,
    ConfigurationError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.contracts.base import Entity
from shared.environment import BadUrl
from shared.store import mongo_query
from shared.store.attempts import PATIENCE, Conflict, Steps, repeated
from shared.store.keys import fingerprint, indexes
from shared.store.mongo_query import Document
from shared.store.port import Collection, Condition, Duplicate, Query, Scalar, StoreUnavailable, Tally, Transaction

_DECLARATIONS = "_declarations"
_SELECTION_MS = 3_000
_SOCKET_MS = 20_000
_MAJORITY = WriteConcern("majority", wtimeout=int(PATIENCE * 1000))
_STARTING = 60.0
"""Seconds for each step of a start: nobody waits for an answer yet, and to give up would be to start anew."""
_PAUSE = 0.1
"""Seconds between two tries to commit."""

_WRITE_CONFLICT = 112
_CONFLICT_IN_WORDS = ("Write conflict", "active transaction bound to", "database is locked")
"""Of substitutes that speak MongoDB's protocol over SQLite."""
_BATCH = 500


class _Reads:
    """What store and transaction have in common; they differ in the session, and in how a call is made."""

    _session: AsyncIOMotorClientSession | None = None

    def __init__(self, database: AsyncIOMotorDatabase[Document]) -> None:
        self._database = database

    async def _run[R](self, call: Callable[[], Awaitable[R]]) -> R:
        raise NotImplementedError

    async def get[E: Entity](self, collection: Collection[E], id_: str) -> E | None:
        found = await self.get_many(collection, [id_])
        return found[0] if found else None

    async def get_many[E: Entity](self, collection: Collection[E], ids: Sequence[str]) -> list[E]:
        asked = {"_id": {"$in": list(ids)}}
        found = await self._run(
            lambda: self._database[collection.name].find(asked, session=self._session).to_list(None)
        )
        return [mongo_query.entity_in(collection, one) for one in found]

    async def find[E: Entity](self, query: Query[E]) -> list[E]:
        asked, sort = mongo_query.page(query)
        if query.limit < 1:
            return []
        documents = self._database[query.collection.name]
        found = await self._run(
            lambda: documents.find(asked, sort=sort, limit=query.limit, session=self._session).to_list(None)
        )
        return [mongo_query.entity_in(query.collection, one) for one in found]

    async def find_each[E: Entity](self, queries: Sequence[Query[E]]) -> list[list[E]]:
        return await asyncio.gather(*(self.find(query) for query in queries))

    async def count[E: Entity](self, collection: Collection[E], where: tuple[Condition, ...] = ()) -> int:
        asked = mongo_query.condition(collection, where)
        documents = self._database[collection.name]
        return await self._run(lambda: documents.count_documents(asked, session=self._session))

    async def count_by[E: Entity](
        self, collection: Collection[E], key: str, where: tuple[Condition, ...] = ()
    ) -> dict[Scalar, int]:
        steps = mongo_query.numbers_by(collection, key, where)
        documents = self._database[collection.name]
        found = await self._run(lambda: documents.aggregate(steps, session=self._session).to_list(None))
        return {one["_id"]: one["n"] for one in found}

    async def tally[E: Entity](
        self, collection: Collection[E], keys: Sequence[str], where: tuple[Condition, ...] = ()
    ) -> Tally:
        steps = mongo_query.numbers(collection, keys, where)
        documents = self._database[collection.name]
        (found,) = await self._run(lambda: documents.aggregate(steps, session=self._session).to_list(None))
        return mongo_query.tally_in(keys, found)


class _MongoTransaction(_Reads):
    def __init__(
        self, database: AsyncIOMotorDatabase[Document], session: AsyncIOMotorClientSession, steps: Steps
    ) -> None:
        super().__init__(database)
        self._session = session
        self._steps = steps

    async def _run[R](self, call: Callable[[], Awaitable[R]]) -> R:
        async def step() -> R:
            with _translated():
                return await _whole(call())

        return await self._steps.step(step)

    async def put[E: Entity](self, collection: Collection[E], entity: E) -> None:
        stored = mongo_query.document(collection, entity)
        documents = self._database[collection.name]

        async def write() -> None:
            try:
                if entity.version == 1:
                    await documents.insert_one(stored, session=self._session)
                    return
                before = {"_id": entity.id, "version": entity.version - 1}
                done = await documents.update_one(before, mongo_query.replacement(stored), session=self._session)
            except DuplicateKeyError as error:
                raise _duplicate(collection, error) from error
            if done.matched_count == 0:
                raise Conflict(f"{entity.id} is not at version {entity.version - 1}")

        await self._run(write)

    async def delete[E: Entity](self, collection: Collection[E], id_: str) -> bool:
        documents = self._database[collection.name]
        done = await self._run(lambda: documents.delete_one({"_id": id_}, session=self._session))
        return done.deleted_count > 0


class MongoStore(_Reads):
    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        try:
            self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
                url,
                serverSelectionTimeoutMS=_SELECTION_MS,
                connectTimeoutMS=_SELECTION_MS,
                socketTimeoutMS=_SOCKET_MS,
            )
        except (ConfigurationError, ValueError):
            # without its cause: what the driver says of a URL quotes parts of it, and one is the password
            raise BadUrl("STORE_URL cannot be read: mongodb://user:password@host:port/database, escaped") from None
        try:
            database = self._client.get_default_database(write_concern=_MAJORITY, read_concern=ReadConcern("majority"))
        except ConfigurationError:
            raise BadUrl("STORE_URL of a MongoDB store must name the database") from None
        super().__init__(database)
        self._patience = patience
        self._again = asyncio.Lock()

    async def _run[R](self, call: Callable[[], Awaitable[R]], patience: float | None = None) -> R:
        async def attempt(_: float) -> R:
            with _translated():
                return await call()

        return await repeated(attempt, patience or self._patience)

    async def open(self, collections: Sequence[Collection[Any]]) -> None:
        existing = set(await self._step(self._database.list_collection_names))
        for collection in collections:
            if collection.name not in existing:
                await self._step(partial(self._create, collection.name))
            await self._follow(collection)

    async def _step[R](self, call: Callable[[], Awaitable[R]]) -> R:
        """Of the start: replicas that are there already write meanwhile, so it is made again when one was faster."""
        return await self._run(call, _STARTING)

    async def _create(self, name: str) -> None:
        """Before any transaction needs it. Another process may be faster, also between the driver's own look and the
        server's."""
        try:
            await self._database.create_collection(name)
        except (CollectionInvalid, OperationFailure):
            if name not in await self._database.list_collection_names():
                raise

    async def transaction[R](self, work: Callable[[Transaction], Awaitable[R]]) -> R:
        async def attempt(deadline: float) -> R:
            steps = Steps()
            with _translated():
                session = await self._client.start_session()
            try:
                session.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=_MAJORITY)
                result = await work(_MongoTransaction(self._database, session, steps))
                steps.verify()
                await _commit(session, deadline)
            finally:
                steps.end()
                # aborts what is not committed
                await _whole(session.end_session())
            return result

        return await repeated(attempt, self._patience, self._again)

    async def ping(self) -> None:
        await self._run(lambda: self._database.command("ping"))

    async def close(self) -> None:
        # it says goodbye to the server, and waits for that
        await asyncio.to_thread(self._client.close)

    async def _follow(self, collection: Collection[Any]) -> None:
        """Index entries and indexes as declared now."""
        documents, declarations = self._database[collection.name], self._database[_DECLARATIONS]
        declared = {"_id": collection.name, "fingerprint": fingerprint(collection)}
        if await self._step(partial(declarations.find_one, declared)) is not None:
            # what a replica of the version before has written meanwhile
            await self._step(partial(self._refill, collection))
            return
        # until it is all done no declaration holds: whoever starts next, with this one or another, does it again
        await self._step(partial(declarations.delete_one, {"_id": collection.name}))
        await self._step(partial(self._refill, collection))
        wanted = {index.name: index for index in indexes(collection)}
        for index in wanted.values():
            fields, options = mongo_query.index_fields(index), mongo_query.index_options(index)
            try:
                await self._step(partial(documents.create_index, fields, **options))
            except DuplicateKeyError as error:
                raise Duplicate(collection.name, index.keys[0]) from error
        for name in await self._step(documents.index_information):
            if name not in wanted and name != "_id_":
                await self._step(partial(documents.drop_index, name))
        await self._step(partial(declarations.replace_one, {"_id": collection.name}, declared, upsert=True))

    async def _refill(self, collection: Collection[Any]) -> None:
        """In batches; whoever is stopped in between goes on next time with those that are left."""
        documents = self._database[collection.name]
        changes: list[UpdateOne] = []
        async for found in documents.find(mongo_query.made_otherwise(collection)):
            # not if somebody has just written it: then it has its new keys already
            same = {"_id": found["_id"], "version": found["version"]}
            changes.append(UpdateOne(same, mongo_query.refilling(collection, found)))
            if len(changes) == _BATCH:
                await documents.bulk_write(changes, ordered=False)
                changes.clear()
        if changes:
            await documents.bulk_write(changes, ordered=False)


async def _commit(session: AsyncIOMotorClientSession, deadline: float) -> None:
    """Commit. If the answer is lost, only this is asked again: MongoDB knows the transaction, and applies it once."""
    loop = asyncio.get_running_loop()
    with _translated():
        while True:
            try:
                return await _whole(session.commit_transaction())
            except PyMongoError as error:
                if not error.has_error_label("UnknownTransactionCommitResult"):
                    raise
                if loop.time() > deadline:
                    raise StoreUnavailable("whether it is stored could not be learnt") from error
            await asyncio.sleep(_PAUSE)


async def _whole[R](call: Awaitable[R]) -> R:
    """Cancelled or not, wait for the driver: a session that is still in use cannot be ended, and what is sent after
    its end would hold locks until MongoDB drops the transaction a minute later."""
    running = asyncio.ensure_future(call)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        with suppress(Exception):
            running.result()
        raise


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except PyMongoError as error:
        if (told := _translation(error)) is None:
            raise
        raise told from error


def _translation(error: PyMongoError) -> Exception | None:
    if _is_conflict(error):
        return Conflict(str(error))
    if isinstance(error, ConnectionFailure | WTimeoutError | ExecutionTimeout):
        # what the driver adds, all it knows of the set, fills a screen and says nothing more
        return StoreUnavailable(str(error).partition(" (configured timeouts")[0])
    return None


def _is_conflict(error: PyMongoError) -> bool:
    """Whether running the transaction again may help. MongoDB says so by label or code, substitutes in words only."""
    if error.has_error_label("TransientTransactionError"):
        return True
    if not isinstance(error, OperationFailure):
        return False
    words = str(error)
    return error.code == _WRITE_CONFLICT or any(said in words for said in _CONFLICT_IN_WORDS)


def _duplicate(collection: Collection[Any], error: DuplicateKeyError) -> Duplicate:
    key = next(iter((error.details or {}).get("keyPattern", {"_id": 1})))
    return Duplicate(collection.name, "id" if key == "_id" else key.removeprefix("k."))
