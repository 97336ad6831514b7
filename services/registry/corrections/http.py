"""What everybody may know of a submission or a report whose id they have: how far it is (docs/decisions/0011)."""

from typing import Any

import msgspec
from aiohttp import web

from services.registry.corrections.collections import CORRECTIONS
from services.registry.organisations.collections import ORGANIZATIONS
from shared.contracts.base import Entity
from shared.contracts.corrections import Receipt
from shared.contracts.reading import Batch, BatchRequest
from shared.service.errors import json
from shared.store.port import Store


def receipts_route(store: Store) -> web.RouteDef:
    """POST /v1/receipts/batch. The public stream of changes tells as much of an id."""
    requests = msgspec.json.Decoder(BatchRequest)

    async def answer(request: web.Request) -> web.Response:
        ids = requests.decode(await request.read()).ids
        found: list[Entity] = [
            *await store.get_many(ORGANIZATIONS, [id_ for id_ in ids if id_.startswith("org_")]),
            *await store.get_many(CORRECTIONS, [id_ for id_ in ids if id_.startswith("cor_")]),
        ]
        return json(Batch(items=tuple(_receipt(one) for one in found)))

    return web.post("/v1/receipts/batch", answer)


def _receipt(record: Entity) -> Receipt:
    known: dict[str, Any] = {name: getattr(record, name, None) for name in Receipt.__struct_fields__}
    return Receipt(**known)
