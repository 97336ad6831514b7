"""The schema's three roots, and the schema."""

from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig

from gateway import kinds
from gateway.context import Context, FreshLoaders
from gateway.errors import MaskErrors
from gateway.schema import consultations, events, organisations
from gateway.schema import node as nodes
from gateway.schema.changes import changes
from gateway.schema.relations import every

_Info = strawberry.Info[Context, None]


def _by_id(kind: kinds.Kind) -> Any:
    async def resolve(info: Any, id: Any) -> Any:
        return await info.context.loaders.by_id(kind).load(id)

    shape = _TYPES[kind.name]
    resolve.__annotations__ = {"info": _Info, "id": strawberry.ID, "return": shape | None}
    return strawberry.field(resolver=resolve)


_TYPES: dict[str, Any] = {
    name: getattr(module, name)
    for module in (organisations, consultations, events)
    for name in (kind.name for kind in kinds.KINDS if kind.module == module.__name__)
}


@strawberry.type
class Query:
    organizations = every(kinds.ORGANIZATIONS, "The register of organisations")
    organization = _by_id(kinds.ORGANIZATIONS)
    districts = every(kinds.DISTRICTS)
    district = _by_id(kinds.DISTRICTS)
    centres = every(kinds.CENTRES, "Community centres")
    partnerships = every(kinds.PARTNERSHIPS)
    projects = every(kinds.PROJECTS)
    consultations = every(kinds.CONSULTATIONS)
    consultation = _by_id(kinds.CONSULTATIONS)
    remarks = every(kinds.REMARKS)
    events = every(kinds.EVENTS, "The calendar")
    event = _by_id(kinds.EVENTS)

    @strawberry.field(description="Anything that has an id")
    @staticmethod
    async def node(info: _Info, id: strawberry.ID) -> nodes.Node | None:
        return await nodes.load(info, id)


@strawberry.type
class Mutation:
    submit_organization = organisations.submit_organization
    review_organization = organisations.review_organization
    open_consultation = consultations.open_consultation
    change_consultation = consultations.change_consultation
    submit_remark = consultations.submit_remark
    schedule_event = events.schedule_event


@strawberry.type
class Subscription:
    changes = strawberry.subscription(resolver=changes, description="What is written, as soon as it is")


schema = strawberry.Schema(
    Query,
    Mutation,
    Subscription,
    types=list(_TYPES.values()),
    config=StrawberryConfig(auto_camel_case=True),
    extensions=[MaskErrors, FreshLoaders],
)
