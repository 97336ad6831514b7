"""Statistics of the register: live counts and dated snapshots."""

from typing import Any, Optional

import strawberry

from gateway import kinds
from gateway.context import Info
from gateway.limits.declared import Cost
from gateway.schema.connections import FacetValue
from gateway.schema.expose import expose
from gateway.schema.mutations import command
from gateway.schema.node import Node
from gateway.schema.relations import every
from shared.contracts import statistics as contracts
from shared.contracts.organisations import OrganizationFilter, OrganizationStatus
from shared.contracts.reading import FindRequest, Page


def _unreconciled(parent: strawberry.Parent[contracts.Snapshot]) -> int:
    return parent.unreconciled


@expose(contracts.Snapshot)
class Snapshot(Node):
    unreconciled: int = strawberry.field(
        resolver=_unreconciled, description="What the total holds beyond the listed counts"
    )


def _by(facet: str, description: str) -> Any:
    def resolve(parent: Any) -> Any:
        return next((found.values for found in parent.facets if found.name == facet), ())

    resolve.__annotations__ = {"parent": strawberry.Parent[Any], "return": list[FacetValue]}  # type: ignore[misc]  # a derived type
    return strawberry.field(resolver=resolve, description=description)


def _total(parent: strawberry.Parent[Page[Any]]) -> int:
    return parent.total or 0


def _public_benefit(parent: strawberry.Parent[Page[Any]]) -> int:
    (facet,) = (found for found in parent.facets if found.name == "publicBenefit")
    return sum(each.count for each in facet.values if each.value == "true")


@strawberry.type(description="Published organisations, counted now")
class Statistics:
    total: int = strawberry.field(resolver=_total)
    by_legal_form = _by("legalForm", "Most frequent first")
    by_field = _by("field", "An organisation counts once in each of its fields")
    by_district = _by("district", "By district id; an organisation counts once in each of its districts")
    public_benefit: int = strawberry.field(resolver=_public_benefit, description="With public-benefit status")


def _statistics(info: Info) -> Any:
    published = OrganizationFilter(status=OrganizationStatus.PUBLISHED)
    request = FindRequest(filter=published, first=0, total=True, facets=kinds.ORGANIZATIONS.facets)
    return info.context.loaders.find(kinds.ORGANIZATIONS, request)


_statistics.__annotations__["return"] = Optional[Statistics]

statistics = strawberry.field(
    resolver=_statistics, description="The register in numbers, now", directives=[Cost(weight="20")]
)
snapshots = every(kinds.SNAPSHOTS, "The register in numbers, on certain days")
take_snapshot = command(kinds.SNAPSHOTS, contracts.TakeSnapshot)
