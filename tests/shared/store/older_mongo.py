"""A program from before, on MongoDB: it knows no stamp of what keys were computed by, or has it beside them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase

from shared.store.keys import entries, fingerprint, stamp
from shared.store.port import Collection
from tests.shared.store.things import Thing


@dataclass(frozen=True)
class Older:
    """Writes what that program wrote, as it wrote it."""

    database: AsyncIOMotorDatabase[dict[str, Any]]
    collection: Collection[Thing]
    stamps: bool

    async def start(self) -> None:
        documents, declarations = self.database[self.collection.name], self.database["_declarations"]
        declared = {"_id": self.collection.name, "fingerprint": fingerprint(self.collection)}
        if await declarations.find_one(declared) is not None and not self.stamps:
            return
        others = {"made": {"$ne": stamp(self.collection)}} if self.stamps else {}
        for found in await documents.find(others).to_list(None):
            kept = self._kept(msgspec.convert(found["doc"], Thing))
            await documents.update_one({"_id": found["_id"], "version": found["version"]}, {"$set": kept})
        await declarations.replace_one({"_id": self.collection.name}, declared, upsert=True)

    async def put(self, things: Sequence[Thing]) -> None:
        documents = self.database[self.collection.name]
        for one in things:
            stored = {"version": one.version, **self._kept(one)}
            doc = msgspec.to_builtins(one)
            if one.version == 1:
                await documents.insert_one({"_id": one.id, "doc": doc, **stored})
            else:
                fields = {f"doc.{name}": value for name, value in doc.items()}
                done = await documents.update_one(
                    {"_id": one.id, "version": one.version - 1}, {"$set": {**stored, **fields}}
                )
                assert done.matched_count

    def _kept(self, one: Thing) -> dict[str, Any]:
        keys = {key: value for key, value in entries(self.collection, one).items() if value not in (None, ())}
        return {"k": keys, "made": stamp(self.collection)} if self.stamps else {"k": keys}

    async def words_of(self, one: Thing) -> list[str]:
        found = await self.database[self.collection.name].find_one({"_id": one.id})
        assert found is not None
        return sorted(found["k"]["words"])


@asynccontextmanager
async def older_program(url: str, collection: Collection[Thing], *, stamps: bool) -> AsyncIterator[Older]:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(url)
    try:
        yield Older(client.get_default_database(), collection, stamps)
    finally:
        # it says goodbye to the server, which may be in this process
        await asyncio.to_thread(client.close)
