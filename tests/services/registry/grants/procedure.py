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


async def submit(city: System, organization: str, day: date, **more: Any) -> Answer:
    token = city.token(Role.REPRESENTATIVE, organizations=[organization])
    return await city.call("registry", "submitSmallGrant", offer(organization, day, **more), token)


async def step(city: System, name: str, grant: dict[str, Any], /, **more: Any) -> Answer:
    """An official's step on the grant as it was answered last."""
    body = {"id": grant["id"], "expectedVersion": grant["version"]} | more
    return await city.call("registry", f"{name}SmallGrant", body, city.token(Role.OFFICIAL))


async def plan(city: System, year: int, planned: str) -> Answer:
    funder = await city.organization(name="Miasto", legalForm="PUBLIC_BODY")
    body = {"year": year, "funderId": funder, "planned": planned}
    return await city.call("registry", "setGrantPlan", body, city.token(Role.OFFICIAL))


async def published(city: System, at: Travel, organization: str, day: date, **more: Any) -> dict[str, Any]:
    """An offer received and published on the day."""
    at(day)
    status, grant = await submit(city, organization, day, **more)
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
