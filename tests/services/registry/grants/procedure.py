"""The steps of a small grant, as tests take them at the registry itself."""

from datetime import date, timedelta
from typing import Any

from shared.contracts.people import Role
from tests.services.registry.moments import Travel
from tests.system import System

type Answer = tuple[int, dict[str, Any]]

ACT = "ustawy z dnia 24 kwietnia 2003 r. o działalności pożytku publicznego i o wolontariacie"


def offer(organization: str, day: date, **more: Any) -> dict[str, Any]:
    asked = more.get("amount", "10000.00")
    return {
        "organizationId": organization,
        "title": "Piknik sąsiedzki",
        "description": "Piknik dla mieszkańców dzielnicy.",
        "amount": asked,
        "totalCost": asked,
        "startsOn": str(day + timedelta(days=30)),
        "endsOn": str(day + timedelta(days=60)),
    } | more


def content(day: date, **more: Any) -> dict[str, Any]:
    """A schedule and a budget of the offer above."""
    first, last = str(day + timedelta(days=30)), str(day + timedelta(days=60))
    return {
        "title": "Piknik sąsiedzki",
        "description": "Scena, stoły i gry.",
        "schedule": [{"name": "Piknik", "startsOn": first, "endsOn": last}],
        "budget": [
            {"name": "Scena", "total": "7000.00", "grant": "7000.00"},
            {"name": "Gry", "total": "3000.00", "grant": "3000.00"},
        ],
        "total": "10000.00",
        "grant": "10000.00",
    } | more


async def submit(city: System, organization: str, day: date, **more: Any) -> Answer:
    token = city.token(Role.REPRESENTATIVE, organizations=[organization])
    return await city.call("registry", "submitSmallGrant", offer(organization, day, **more), token)


async def step(city: System, name: str, grant: dict[str, Any], /, **more: Any) -> Answer:
    """An official's step on the grant as it was answered last."""
    body = {"id": grant["id"], "expectedVersion": grant["version"]} | more
    return await city.call("registry", f"{name}SmallGrant", body, city.token(Role.OFFICIAL))


async def confirm(city: System, grant: dict[str, Any], organization: str, *roles: Role) -> Answer:
    """As a representative of the organisation, or in another role."""
    token = city.token(*(roles or (Role.REPRESENTATIVE,)), organizations=[] if roles else [organization])
    body = {"id": grant["id"], "expectedVersion": grant["version"], "organizationId": organization}
    return await city.call("registry", "confirmSmallGrant", body, token)


async def plan(city: System, year: int, planned: str) -> Answer:
    funder = await city.organization(name="Miasto", legalForm="PUBLIC_BODY")
    body = {"year": year, "funderId": funder, "planned": planned}
    return await city.call("registry", "setGrantPlan", body, city.token(Role.OFFICIAL))


async def published(city: System, at: Travel, organization: str, day: date, **more: Any) -> dict[str, Any]:
    """An offer received, confirmed by its partners, and published on the day."""
    at(day)
    status, grant = await submit(city, organization, day, **more)
    assert status == 200, grant
    for partner in grant["partnerIds"]:
        status, grant = await confirm(city, grant, partner)
        assert status == 200, grant
    status, grant = await step(city, "publish", grant)
    assert status == 200, grant
    return grant


def refusal(answer: Answer) -> tuple[int, str, str | None]:
    status, body = answer
    (error,) = body["errors"]
    return status, error["code"], error["field"]


def article(answer: Answer) -> str | None:
    (error,) = answer[1]["errors"]
    basis: str | None = error["legalBasis"]
    return basis.removesuffix(f" {ACT}") if basis else None
