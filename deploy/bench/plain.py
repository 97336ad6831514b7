"""What we are measured against: the same operations on strawberry as its documentation shows it.

Types with annotations, DataLoaders for each request, the view for aiohttp; over the same services, whose answers it
reads with the standard library. Nothing is done here to make it slow.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import strawberry
from aiohttp import web
from strawberry.aiohttp.views import GraphQLView
from strawberry.dataloader import DataLoader
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from shared.bus.nats import Bus
from shared.contracts import changes as contracts
from shared.environment import number, required
from shared.stopping import until_stopped

HEADERS = {"Accept-Language": "pl"}


class Loaders:
    def __init__(self, session: aiohttp.ClientSession, urls: dict[str, str]) -> None:
        self._session = session
        self._urls = urls
        self.organizations = DataLoader(self._organizations)
        self.consultations = DataLoader(self._consultations)
        self.events = DataLoader(self._events)

    async def _organizations(self, ids: list[str]) -> list[Any]:
        answer = await self.post("registry", "organizations/batch", {"ids": ids})
        found = {item["id"]: item for item in answer["items"]}
        return [found.get(id_) for id_ in ids]

    async def _consultations(self, keys: list[str]) -> list[Any]:
        return await self._related("consultations", "consultations", keys)

    async def _events(self, keys: list[str]) -> list[Any]:
        return await self._related("events", "events", keys)

    async def _related(self, service: str, collection: str, keys: list[str]) -> list[Any]:
        body = {"by": "organizer_id", "keys": keys, "find": {"first": 3}}
        answer = await self.post(service, f"{collection}/related", body)
        return [page["items"] for page in answer["pages"]]

    async def post(self, service: str, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        url = f"{self._urls[service]}/v1/{path}"
        async with self._session.post(url, json=body, headers=HEADERS | (headers or {})) as answer:
            return await answer.json()


type Info = strawberry.Info[dict[str, Any], None]


@strawberry.type
class Address:
    street: str | None = None
    building: str | None = None
    postal_code: str | None = None
    city: str | None = None


@strawberry.type
class Consultation:
    id: strawberry.ID
    title: str
    summary: str | None
    status: str
    opens_on: str | None
    closes_on: str | None
    remarks_until: str | None
    channels: list[str]
    goals: list[str]
    project_id: strawberry.ID | None


@strawberry.type
class Event:
    id: strawberry.ID
    title: str
    kind: str
    status: str
    description: str | None
    starts_at: str | None
    ends_at: str | None
    all_day: bool
    venue: str | None
    consultation_id: strawberry.ID | None


@strawberry.type
class Consultations:
    nodes: list[Consultation]


@strawberry.type
class Events:
    nodes: list[Event]


@strawberry.type
class Organization:
    id: strawberry.ID
    version: int
    created_at: str
    updated_at: str
    name: str
    aliases: list[str]
    legal_form: str
    status: str
    krs: str | None
    nip: str | None
    regon: str | None
    public_benefit: bool
    public_benefit_since: str | None
    public_benefit_until: str | None
    fields: list[str]
    description: str | None
    services: list[str]
    website: str | None
    pkd: list[str]
    district_ids: list[strawberry.ID]
    parent_id: strawberry.ID | None
    operator_id: strawberry.ID | None
    founder_ids: list[strawberry.ID]
    federation_ids: list[strawberry.ID]
    covers: list[str]
    decision_reason: str | None
    dissolved_on: str | None
    address: Address | None

    @strawberry.field
    async def consultations(self, info: Info, first: int = 20) -> Consultations:
        found = await info.context["loaders"].consultations.load(self.id)
        return Consultations(nodes=[_consultation(item) for item in found[:first]])

    @strawberry.field
    async def events(self, info: Info, first: int = 20) -> Events:
        found = await info.context["loaders"].events.load(self.id)
        return Events(nodes=[_event(item) for item in found[:first]])


LISTS = ("aliases", "fields", "services", "pkd", "districtIds", "founderIds", "federationIds", "covers")


def _organization(item: dict[str, Any]) -> Organization:
    address = item.get("address")
    return Organization(
        id=item["id"],
        version=item["version"],
        created_at=item["createdAt"],
        updated_at=item["updatedAt"],
        name=item["name"],
        legal_form=item["legalForm"],
        status=item.get("status", "SUBMITTED"),
        krs=item.get("krs"),
        nip=item.get("nip"),
        regon=item.get("regon"),
        public_benefit=item.get("publicBenefit", False),
        public_benefit_since=item.get("publicBenefitSince"),
        public_benefit_until=item.get("publicBenefitUntil"),
        aliases=item.get("aliases", []),
        fields=item.get("fields", []),
        services=item.get("services", []),
        pkd=item.get("pkd", []),
        district_ids=item.get("districtIds", []),
        founder_ids=item.get("founderIds", []),
        federation_ids=item.get("federationIds", []),
        covers=item.get("covers", []),
        description=item.get("description"),
        website=item.get("website"),
        parent_id=item.get("parentId"),
        operator_id=item.get("operatorId"),
        decision_reason=item.get("decisionReason"),
        dissolved_on=item.get("dissolvedOn"),
        address=address
        and Address(
            street=address.get("street"),
            building=address.get("building"),
            postal_code=address.get("postalCode"),
            city=address.get("city"),
        ),
    )


def _consultation(item: dict[str, Any]) -> Consultation:
    return Consultation(
        id=item["id"],
        title=item["title"],
        summary=item.get("summary"),
        status=item.get("status", "PLANNED"),
        opens_on=item.get("opensOn"),
        closes_on=item.get("closesOn"),
        remarks_until=item.get("remarksUntil"),
        channels=item.get("channels", []),
        goals=item.get("goals", []),
        project_id=item.get("projectId"),
    )


def _event(item: dict[str, Any]) -> Event:
    return Event(
        id=item["id"],
        title=item["title"],
        kind=item["kind"],
        status=item.get("status", "SCHEDULED"),
        description=item.get("description"),
        starts_at=item.get("startsAt"),
        ends_at=item.get("endsAt"),
        all_day=item.get("allDay", False),
        venue=item.get("venue"),
        consultation_id=item.get("consultationId"),
    )


@strawberry.type
class Query:
    @strawberry.field
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Organization]:
        found = await info.context["loaders"].organizations.load_many(ids)
        return [_organization(item) for item in found if item]

    @strawberry.field
    async def organization(self, info: Info, id: strawberry.ID) -> Organization | None:
        item = await info.context["loaders"].organizations.load(id)
        return item and _organization(item)


@strawberry.type
class Refusal:
    code: str


@strawberry.type
class Submitted:
    organization: Organization | None
    errors: list[Refusal]


@strawberry.input
class SubmitOrganizationInput:
    name: str
    legal_form: str


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def submit_organization(self, info: Info, input: SubmitOrganizationInput) -> Submitted:
        authorization = info.context["request"].headers.get("Authorization", "")
        body = {"name": input.name, "legalForm": input.legal_form}
        loaders: Loaders = info.context["loaders"]
        item = await loaders.post("registry", "submitOrganization", body, {"Authorization": authorization})
        if "errors" in item:
            return Submitted(organization=None, errors=[Refusal(code=one["code"]) for one in item["errors"]])
        return Submitted(organization=_organization(item), errors=[])


@strawberry.type
class Change:
    id: strawberry.ID
    entity: str
    verb: str
    entity_id: strawberry.ID
    version: int


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def changes(self, info: Info) -> AsyncIterator[Change]:
        queue: asyncio.Queue[contracts.Change] = asyncio.Queue()
        listeners: set[asyncio.Queue[contracts.Change]] = info.context["listeners"]
        listeners.add(queue)
        try:
            while True:
                one = await queue.get()
                yield Change(
                    id=strawberry.ID(one.id),
                    entity=one.entity,
                    verb=one.verb,
                    entity_id=strawberry.ID(one.entity_id),
                    version=one.version,
                )
        finally:
            listeners.discard(queue)


schema = strawberry.Schema(Query, Mutation, Subscription)


SERVICES = ("registry", "consultations", "events")


async def serve() -> None:
    urls = {name: required(f"{name.upper()}_URL") for name in SERVICES}
    listeners: set[asyncio.Queue[contracts.Change]] = set()
    bus = await Bus.connect(required("NATS_URL"), name="plain")

    async def publish(change: contracts.Change) -> None:
        for queue in listeners:
            queue.put_nowait(change)

    async def up(_: web.Request) -> web.Response:
        return web.Response()

    async with aiohttp.ClientSession() as session:

        class View(GraphQLView[dict[str, Any], None]):
            async def get_context(self, request: web.Request, response: Any) -> dict[str, Any]:
                return {"request": request, "loaders": Loaders(session, urls), "listeners": listeners}

        app = web.Application()
        view = View(schema, subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL])
        app.router.add_route("*", "/graphql", view.__call__)
        app.router.add_get("/ready", up)
        bus.watch(SERVICES, publish, lambda: None)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", number("PORT")).start()
        await until_stopped()
        await runner.cleanup()
        await bus.close()


if __name__ == "__main__":
    asyncio.run(serve())
