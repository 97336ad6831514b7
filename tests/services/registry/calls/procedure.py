"""The steps of an open call, as tests take them at the registry itself."""

from datetime import date
from typing import Any

from shared.contracts.people import Role
from tests.services.registry.moments import Travel
from tests.system import System

type Answer = tuple[int, dict[str, Any]]

ANNOUNCED = date(2027, 3, 1)
OPEN = date(2027, 3, 10)
LAST_DAY = date(2027, 3, 22)
CLOSED = date(2027, 3, 23)


def new_call(organizer: str, **more: Any) -> dict[str, Any]:
    return {
        "title": "Wspieranie seniorów 2027",
        "organizerId": organizer,
        "tasks": [
            {
                "title": "Klub seniora",
                "mode": "SUPPORTED",
                "amount": "50000.00",
                "startsOn": "2027-05-01",
                "endsOn": "2027-12-31",
            }
        ],
        "criteria": [{"name": "Jakość", "maxPoints": 60}, {"name": "Koszty", "maxPoints": 40}],
        "announcedInBipOn": "2027-02-26",
        "announcedOnBoardOn": "2027-03-01",
        "announcedOnWebsiteOn": "2027-02-26",
        "offersUntil": "2027-03-22",
    } | more


def content(**more: Any) -> dict[str, Any]:
    return {
        "title": "Klub w Rakowie",
        "description": "Spotkania dwa razy w tygodniu.",
        "schedule": [{"name": "Spotkania", "startsOn": "2027-05-01", "endsOn": "2027-12-15"}],
        "budget": [
            {"name": "Prowadzący", "total": "30000.00", "grant": "24999.99", "own": "5000.01"},
            {"name": "Materiały", "total": "1000.00", "grant": "0.01", "other": "999.99"},
        ],
        "total": "31000.00",
        "grant": "25000.00",
        "own": "5000.01",
        "other": "999.99",
    } | more


async def announced(city: System, at: Travel, **more: Any) -> dict[str, Any]:
    """A call; it is within its term for offers."""
    organizer = await city.organization(name="Miasto", legalForm="PUBLIC_BODY")
    at(OPEN)
    status, call = await city.call("registry", "announceCall", new_call(organizer, **more), official(city))
    assert status == 200, call
    return call


async def submit(city: System, call: dict[str, Any], *organizations: str, **more: Any) -> Answer:
    body = {
        "callId": call["id"],
        "taskId": call["tasks"][0]["id"],
        "organizationIds": list(organizations),
        "content": content(),
    }
    return await city.call("registry", "submitOffer", body | more, own(city, organizations[0]))


async def submitted(city: System, call: dict[str, Any], **more: Any) -> dict[str, Any]:
    status, offer = await submit(city, call, await city.organization(), **more)
    assert status == 200, offer
    return offer


async def step(city: System, name: str, entity: dict[str, Any], token: str, /, **more: Any) -> Answer:
    """A step on the entity as it was answered last."""
    body = {"id": entity["id"], "expectedVersion": entity["version"]} | more
    return await city.call("registry", name, body, token)


async def accepted(city: System, at: Travel, call: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An offer that was accepted formally; the call's term is over."""
    at(OPEN)
    offer = await submitted(city, call, **more)
    at(CLOSED)
    status, offer = await step(city, "evaluateOfferFormally", offer, official(city), outcome="ACCEPT")
    assert status == 200, offer
    return offer


async def evaluate(
    city: System, call: dict[str, Any], offer: dict[str, Any], token: str, points: tuple[int, ...] = (50, 30)
) -> Answer:
    scores = [{"criterionId": one["id"], "points": given} for one, given in zip(call["criteria"], points, strict=False)]
    body = {"offerId": offer["id"], "scores": scores, "justification": "Dobra oferta."}
    return await city.call("registry", "evaluateOffer", body, token)


async def publish(city: System, call: dict[str, Any], *funded: tuple[dict[str, Any], str]) -> Answer:
    chosen = [{"offerId": offer["id"], "grant": grant} for offer, grant in funded]
    return await step(city, "publishResults", call, official(city), funded=chosen)


def official(city: System) -> str:
    return city.token(Role.OFFICIAL)


def own(city: System, *organizations: str) -> str:
    return city.token(Role.REPRESENTATIVE, organizations=list(organizations))


def evaluator(city: System, name: str, **more: Any) -> str:
    return city.token(Role.EVALUATOR, subject=f"evaluator-{name}", **more)


def refusal(answer: Answer) -> tuple[int, str, str | None]:
    status, body = answer
    (error,) = body["errors"]
    return status, error["code"], error["field"]


def article(answer: Answer) -> str:
    (error,) = answer[1]["errors"]
    basis: str = error["legalBasis"]
    return basis.partition(" ustawy")[0]
