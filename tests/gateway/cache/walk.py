"""Every command of the schema once or more, in an order in which each is taken: a year in the life of the city."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

from gateway.schema.root import schema
from shared.clock import today
from shared.contracts.people import Role
from shared.ids import new_id
from tests.services.registry.calls.procedure import CLOSED, OPEN, content, new_call
from tests.services.registry.grants.procedure import offer as small_grant
from tests.services.registry.moments import Travel
from tests.system import System

type Done = dict[str, Any]


class Walker:
    """Sends mutations through one gateway, and keeps which commands it sent."""

    def __init__(self, city: System) -> None:
        self.city = city
        self.done: set[str] = set()
        self.elsewhere: set[str] = set()
        """Records that a service wrote after another's change."""
        self.official = city.token(Role.OFFICIAL, Role.EDITOR, Role.MODERATOR, subject="official")
        self.operator = city.token(Role.OPERATOR, subject="operator")

    async def do(self, name: str, given: dict[str, Any], token: str | None = None) -> Done:
        mutation = schema._schema.mutation_type
        assert mutation is not None
        payload = mutation.fields[name].type
        result = next(field for field in payload.fields if field != "errors")
        shape = mutation.fields[name].args["input"].type
        wanted = f"{result} {{ id version }} errors {{ code message }}"
        query = f"mutation($in: {shape}) {{ {name}(input: $in) {{ {wanted} }} }}"
        answer = (await self.city.ask(query, {"in": given}, token or self.official))[name]
        assert answer["errors"] == [], (name, answer)
        self.done.add(name)
        done: Done = answer[result]
        return done

    async def step(self, name: str, entity: Done, token: str | None = None, /, **more: Any) -> Done:
        return await self.do(name, {"id": entity["id"], "expectedVersion": entity["version"]} | more, token)

    async def followed(self, consultation: Done) -> None:
        """Returns when the calendar has followed the consultation."""
        asked = {"filter": {"consultationId": consultation["id"]}}
        async with asyncio.timeout(10):
            while True:
                _, page = await self.city.call("events", "events/find", asked)
                if page["items"] and {one["followsVersion"] for one in page["items"]} == {consultation["version"]}:
                    break
                await asyncio.sleep(0.01)
        self.elsewhere |= {one["id"] for one in page["items"]}

    def own(self, *organizations: str) -> str:
        return self.city.token(Role.REPRESENTATIVE, organizations=list(organizations))


async def imported(walker: Walker) -> AsyncIterator[Any]:
    """What comes by import, round the gateway."""
    city = walker.city
    for service, collection, entity in (
        ("registry", "districts", {"id": RAKOW, "name": "Raków", "city": "Częstochowa"}),
        ("registry", "districts", {"id": NORTH, "name": "Północ", "city": "Częstochowa"}),
        ("registry", "organizations", MIASTO),
        ("registry", "organizations", ALFA),
        ("registry", "projects", {"id": new_id("prj"), "name": "Projekt", "leaderId": ALFA["id"]}),
        (
            "consultations",
            "consultations",
            {"id": new_id("con"), "title": "Dawne", "status": "CLOSED", "organizerIds": [CITY]},
        ),
        ("events", "events", {"id": new_id("evt"), "title": "Piknik", "kind": "PICNIC", "organizerIds": [CITY]}),
    ):
        await city.load(service, (collection, entity))
        yield


RAKOW, NORTH, CITY = new_id("dis"), new_id("dis"), new_id("org")
MIASTO = {"id": CITY, "name": "Miasto", "legalForm": "PUBLIC_BODY", "status": "PUBLISHED"}
ALFA: dict[str, Any] = {
    "id": new_id("org"),
    "name": "Fundacja Alfa",
    "legalForm": "FOUNDATION",
    "status": "PUBLISHED",
    "krs": "0000123456",
    "publicBenefit": True,
    "districtIds": [RAKOW],
}


async def register(walker: Walker) -> AsyncIterator[Any]:
    do, step = walker.do, walker.step
    resident = walker.city.token(Role.RESIDENT, subject="resident")
    for name, ending in (("Klub Zielony", "reject"), ("Klub Modry", "publish"), ("Klub Modry Raków", "review")):
        club = await do(
            "submitOrganization", {"name": name, "legalForm": "ASSOCIATION", "districtIds": [RAKOW]}, resident
        )
        yield
        if ending == "review":
            yield await step("reviewOrganization", club, publish=True)
            continue
        club = await step("verifyOrganization", club)
        yield
        if ending == "reject":
            yield await step("rejectOrganization", club, reason="Nie istnieje.")
            continue
        for command, more in (
            ("publishOrganization", {}),
            ("suspendOrganization", {"reason": "Spór o władze."}),
            ("reinstateOrganization", {}),
            # it moves: it leaves one district's list and enters another's
            ("updateOrganization", {"districtIds": [NORTH], "name": "Klub Siny"}),
            ("dissolveOrganization", {"dissolvedOn": "2026-01-01"}),
        ):
            club = await step(command, club, **more)
            yield
    wrong = {"recordId": ALFA["id"], "field": "website", "wrong": "Brak.", "proposed": "https://alfa.example"}
    report = await do("submitCorrection", wrong, resident)
    yield
    yield await step("decideCorrection", report, accept=True, apply=True)


async def together(walker: Walker) -> AsyncIterator[Any]:
    do = walker.do
    members = [{"kind": "ORGANIZATION", "organizationId": CITY}]
    signed = {"name": "Partnerstwo", "kind": "LOCAL", "signedOn": "2016-01-01", "districtId": RAKOW, "members": members}
    partnership = await do("signPartnership", signed)
    yield
    joins = {"kind": "ORGANIZATION", "organizationId": ALFA["id"]}
    yield await do("joinPartnership", {"id": partnership["id"], "member": joins, "joinedOn": "2017-01-01"})
    query = "query($id: ID!) { node(id: $id) { ... on Partnership { memberships { id organizationId } } } }"
    memberships = (await walker.city.ask(query, {"id": partnership["id"]}))["node"]["memberships"]
    left = next(one["id"] for one in memberships if one["organizationId"] == ALFA["id"])
    yield await do("leavePartnership", {"id": partnership["id"], "membershipId": left, "leftOn": "2018-01-01"})
    yield await do("endPartnership", {"id": partnership["id"], "endedOn": "2019-01-01"})
    centre = await do("registerCentre", {"name": "OSL Raków", "kind": "OSL", "districtId": RAKOW})
    yield
    yield await do("assignOperator", {"id": centre["id"], "since": "2016-02-01", "organizationId": ALFA["id"]})
    listed = {"organizationId": ALFA["id"], "taxYear": 2024}
    yield await do("listForPublicBenefit", listed)
    yield await do("strikeOffPublicBenefit", listed | {"reason": "Brak sprawozdania."})
    yield await do("takeSnapshot", {})
    opened = {"title": "Program", "organizerIds": [CITY], "districtIds": [RAKOW]}
    days = {"opensOn": str(today()), "closesOn": str(today() + timedelta(days=30))}
    document = {"title": "Projekt", "sections": [{"heading": "I", "paragraphs": ["Pierwszy."]}]}
    consultation = await do("openConsultation", opened | days | {"documents": [document]})
    await walker.followed(consultation)
    yield
    consultation = await walker.step("changeConsultation", consultation, title="Program współpracy")
    await walker.followed(consultation)
    yield
    remark = {"consultationId": consultation["id"], "text": "Uwaga", "organizationId": ALFA["id"]}
    yield await do("submitRemark", remark, walker.own(ALFA["id"]))
    meeting = {"title": "Zebranie", "organizerIds": [ALFA["id"]], "consultationId": consultation["id"]}
    times = {"startsAt": "2098-01-01T10:00:00Z", "endsAt": "2098-01-01T11:00:00Z"}
    yield await do("scheduleEvent", meeting | times)


async def small_grants(walker: Walker, at: Travel) -> AsyncIterator[Any]:
    do, step = walker.do, walker.step
    day = date(2027, 2, 1)
    at(day)
    yield await do("setGrantPlan", {"year": 2027, "funderId": CITY, "planned": "1000000.00"})
    limit = {"name": "CALL_OFFER_DAYS", "value": 21, "validFrom": "2027-02-01", "legalBasis": "art. 13 ust. 3"}
    yield await do("setLegalSetting", limit, walker.operator)
    own = walker.own(ALFA["id"])
    withdrawn = await do("submitSmallGrant", small_grant(ALFA["id"], day, amount="100.00"), own)
    yield
    yield await step("withdrawSmallGrant", withdrawn, own)
    grant = await do("submitSmallGrant", small_grant(ALFA["id"], day, amount="5000.00"), own)
    yield
    grant = await step("publishSmallGrant", grant)
    yield
    yield await do("commentSmallGrant", {"smallGrantId": grant["id"], "text": "Dobrze."}, own)
    at(day + timedelta(days=10))
    yield await step("decideSmallGrant", grant, grant=True)


async def calls(walker: Walker, at: Travel) -> AsyncIterator[Any]:
    do, step, city = walker.do, walker.step, walker.city
    at(OPEN)
    call = await do("announceCall", new_call(CITY))
    yield
    query = "query($id: ID!) { call(id: $id) { version tasks { id } criteria { id } } }"
    parts = (await city.ask(query, {"id": call["id"]}))["call"]
    own = walker.own(ALFA["id"])
    body = {"callId": call["id"], "taskId": parts["tasks"][0]["id"], "organizationIds": [ALFA["id"]]}
    for withdrawn in (True, False):
        offer = await do("submitOffer", body | {"content": content()}, own)
        yield
        if withdrawn:
            yield await step("withdrawOffer", offer, own)
        else:
            offer = await step("changeOffer", offer, own, content=content(title="Klub w Rakowie i na Północy"))
            yield
    at(CLOSED)
    offer = await step("evaluateOfferFormally", offer, outcome="ACCEPT")
    yield
    scores = [{"criterionId": one["id"], "points": 30} for one in parts["criteria"]]
    evaluator = city.token(Role.EVALUATOR, subject="evaluator")
    yield await do("evaluateOffer", {"offerId": offer["id"], "scores": scores, "justification": "Dobra."}, evaluator)
    version = (await city.ask(query, {"id": call["id"]}))["call"]["version"]
    funded = [{"offerId": offer["id"], "grant": "25000.00"}]
    yield await do("publishResults", {"id": call["id"], "expectedVersion": version, "funded": funded})
    agreement = await do("signAgreement", {"offerId": offer["id"], "signedOn": str(CLOSED)})
    yield
    asked = {"agreementId": agreement["id"], "reason": "Później.", "content": content()}
    request = await do("requestChange", asked, own)
    yield
    yield await step("decideChange", request, accept=True)
    at(date(2028, 1, 10))
    told = {"agreementId": agreement["id"], "description": "Odbyło się.", "spent": "24000.00"}
    report = await do("submitTaskReport", told, own)
    yield
    yield await step("decideTaskReport", report, accept=True)
