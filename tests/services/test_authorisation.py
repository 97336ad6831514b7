"""Every write is refused by the service itself, also when somebody goes round the gateway."""

from typing import Any

import pytest

from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System

CONTENT: dict[str, Any] = {
    "title": "T",
    "description": "T",
    "schedule": [{"name": "T", "startsOn": "2099-01-01", "endsOn": "2099-01-02"}],
    "budget": [{"name": "T", "total": "1.00", "grant": "1.00"}],
    "total": "1.00",
    "grant": "1.00",
}
CALL: dict[str, Any] = {
    "title": "T",
    "organizerId": new_id("org"),
    "tasks": [{"title": "T", "mode": "SUPPORTED", "amount": "1.00", "startsOn": "2099-01-01", "endsOn": "2099-01-02"}],
    "criteria": [{"name": "T", "maxPoints": 1}],
    "announcedInBipOn": "2098-01-01",
    "announcedOnBoardOn": "2098-01-01",
    "announcedOnWebsiteOn": "2098-01-01",
    "offersUntil": "2098-03-01",
}
WRITES: list[tuple[str, str, dict[str, Any], Role]] = [
    ("registry", "reviewOrganization", {"id": new_id("org"), "expectedVersion": 1, "publish": True}, Role.RESIDENT),
    *(
        ("registry", f"{step}Organization", {"id": new_id("org"), "expectedVersion": 1} | more, Role.RESIDENT)
        for step, more in (
            ("verify", {}),
            ("publish", {}),
            ("reject", {"reason": "x"}),
            ("suspend", {"reason": "x"}),
            ("reinstate", {}),
            ("dissolve", {"dissolvedOn": "2026-01-01"}),
        )
    ),
    (
        "registry",
        "updateOrganization",
        {"id": new_id("org"), "expectedVersion": 1, "website": "https://example.org"},
        Role.RESIDENT,
    ),
    ("registry", "decideCorrection", {"id": new_id("cor"), "expectedVersion": 1, "accept": True}, Role.MODERATOR),
    (
        "registry",
        "signPartnership",
        {"name": "P", "kind": "SECTORAL", "field": "HEALTH", "signedOn": "2016-10-30"},
        Role.REPRESENTATIVE,
    ),
    (
        "registry",
        "joinPartnership",
        {"id": new_id("par"), "member": {"kind": "PERSON", "count": 1}, "joinedOn": "2017-01-01"},
        Role.PARTNER,
    ),
    (
        "registry",
        "bringResource",
        {"id": new_id("par"), "membershipId": new_id("mem"), "resource": {"kind": "TIME"}, "since": "2018-01-01"},
        Role.PARTNER,
    ),
    (
        "registry",
        "leavePartnership",
        {"id": new_id("par"), "membershipId": new_id("mem"), "leftOn": "2018-01-01"},
        Role.PARTNER,
    ),
    ("registry", "endPartnership", {"id": new_id("par"), "endedOn": "2019-01-01"}, Role.REPRESENTATIVE),
    ("registry", "registerCentre", {"name": "OSL", "kind": "OSL"}, Role.ANIMATOR),
    ("registry", "assignOperator", {"id": new_id("cen"), "since": "2016-02-01", "name": "X"}, Role.ANIMATOR),
    ("registry", "takeBackOperator", {"id": new_id("cen"), "since": "2099-02-01"}, Role.ANIMATOR),
    ("registry", "changeCentre", {"id": new_id("cen"), "expectedVersion": 1}, Role.EDITOR),
    ("registry", "closeCentre", {"id": new_id("cen"), "closedOn": "2016-02-01"}, Role.ANIMATOR),
    *(
        ("registry", path, {"id": new_id("cen"), "districtId": new_id("dis"), day: "2016-02-01"}, Role.ANIMATOR)
        for path, day in (("coverDistrict", "since"), ("endCoverage", "until"))
    ),
    (
        "registry",
        "registerProject",
        {"name": "P", "leaderId": new_id("org"), "startsOn": "2026-01-01"},
        Role.REPRESENTATIVE,
    ),
    ("registry", "changeProject", {"id": new_id("prj"), "expectedVersion": 1}, Role.EDITOR),
    ("registry", "endProject", {"id": new_id("prj"), "expectedVersion": 1, "endedOn": "2026-01-01"}, Role.EDITOR),
    ("registry", "submitPractice", {"kind": "IDEA", "title": "T", "text": "T"}, Role.EVALUATOR),
    ("registry", "changePractice", {"id": new_id("prc"), "expectedVersion": 1, "title": "T"}, Role.EVALUATOR),
    ("registry", "publishPractice", {"id": new_id("prc"), "expectedVersion": 1}, Role.OFFICIAL),
    ("registry", "rejectPractice", {"id": new_id("prc"), "expectedVersion": 1, "reason": "R"}, Role.OFFICIAL),
    (
        "registry",
        "recordCooperation",
        {
            "form": "TRAINING",
            "authorityId": new_id("org"),
            "organizationIds": [new_id("org")],
            "description": "T",
            "since": "2026-01-01",
        },
        Role.EDITOR,
    ),
    ("registry", "endCooperation", {"id": new_id("coo"), "expectedVersion": 1, "until": "2026-01-01"}, Role.EDITOR),
    (
        "registry",
        "shareAddress",
        {
            "hostId": new_id("org"),
            "organizationId": new_id("org"),
            "address": {"street": "ul. Focha", "building": "19/21", "city": "Częstochowa"},
            "terms": "T",
            "startsOn": "2026-01-01",
        },
        Role.REPRESENTATIVE,
    ),
    (
        "registry",
        "endAddressSharing",
        {"id": new_id("adr"), "expectedVersion": 1, "endedOn": "2026-01-01"},
        Role.REPRESENTATIVE,
    ),
    (
        "registry",
        "recordIndicator",
        {"organizationId": new_id("org"), "year": 2020, "name": "SUBSIDISED_JOBS", "value": 36},
        Role.REPRESENTATIVE,
    ),
    ("registry", "listForPublicBenefit", {"organizationId": new_id("org"), "taxYear": 2024}, Role.EDITOR),
    (
        "registry",
        "strikeOffPublicBenefit",
        {"organizationId": new_id("org"), "taxYear": 2024, "reason": "R"},
        Role.EDITOR,
    ),
    ("registry", "takeSnapshot", {}, Role.EDITOR),
    (
        "registry",
        "submitSmallGrant",
        {
            "organizationId": new_id("org"),
            "title": "T",
            "description": "T",
            "amount": "1.00",
            "totalCost": "1.00",
            "startsOn": "2099-01-01",
            "endsOn": "2099-01-02",
        },
        Role.RESIDENT,
    ),
    ("registry", "publishSmallGrant", {"id": new_id("smg"), "expectedVersion": 1}, Role.REPRESENTATIVE),
    (
        "registry",
        "confirmSmallGrant",
        {"id": new_id("smg"), "expectedVersion": 1, "organizationId": new_id("org")},
        Role.REPRESENTATIVE,
    ),
    ("registry", "decideSmallGrant", {"id": new_id("smg"), "expectedVersion": 1, "grant": True}, Role.EVALUATOR),
    ("registry", "withdrawSmallGrant", {"id": new_id("smg"), "expectedVersion": 1}, Role.REPRESENTATIVE),
    ("registry", "setGrantPlan", {"year": 2099, "funderId": new_id("org"), "planned": "1.00"}, Role.REPRESENTATIVE),
    (
        "registry",
        "setLegalSetting",
        {"name": "CALL_OFFER_DAYS", "value": 1, "validFrom": "2099-01-01", "legalBasis": "art. 1"},
        Role.OFFICIAL,
    ),
    ("registry", "announceCall", CALL, Role.EVALUATOR),
    ("registry", "publishResults", {"id": new_id("cal"), "expectedVersion": 1, "funded": []}, Role.EVALUATOR),
    (
        "registry",
        "submitOffer",
        {"callId": new_id("cal"), "taskId": new_id("tsk"), "organizationIds": [new_id("org")], "content": CONTENT},
        Role.REPRESENTATIVE,
    ),
    (
        "registry",
        "changeOffer",
        {"id": new_id("ofr"), "expectedVersion": 1, "content": CONTENT},
        Role.REPRESENTATIVE,
    ),
    (
        "registry",
        "confirmOffer",
        {"id": new_id("ofr"), "expectedVersion": 1, "organizationId": new_id("org")},
        Role.REPRESENTATIVE,
    ),
    ("registry", "withdrawOffer", {"id": new_id("ofr"), "expectedVersion": 1}, Role.REPRESENTATIVE),
    (
        "registry",
        "evaluateOfferFormally",
        {"id": new_id("ofr"), "expectedVersion": 1, "outcome": "ACCEPT"},
        Role.EVALUATOR,
    ),
    (
        "registry",
        "evaluateOffer",
        {
            "offerId": new_id("ofr"),
            "scores": [{"criterionId": new_id("crt"), "points": 1}],
            "justification": "T",
        },
        Role.OFFICIAL,
    ),
    ("registry", "signAgreement", {"offerId": new_id("ofr"), "signedOn": "2027-01-01"}, Role.REPRESENTATIVE),
    (
        "registry",
        "requestChange",
        {"agreementId": new_id("agr"), "reason": "T", "content": CONTENT},
        Role.REPRESENTATIVE,
    ),
    ("registry", "decideChange", {"id": new_id("chr"), "expectedVersion": 1, "accept": True}, Role.REPRESENTATIVE),
    (
        "registry",
        "submitTaskReport",
        {"agreementId": new_id("agr"), "description": "T", "spent": "1.00"},
        Role.REPRESENTATIVE,
    ),
    ("registry", "decideTaskReport", {"id": new_id("trp"), "expectedVersion": 1, "accept": True}, Role.EVALUATOR),
    (
        "consultations",
        "openConsultation",
        {"title": "T", "organizerIds": [new_id("org")], "opensOn": "2099-01-01", "closesOn": "2099-02-01"},
        Role.REPRESENTATIVE,
    ),
    ("consultations", "changeConsultation", {"id": new_id("con"), "expectedVersion": 1}, Role.RESIDENT),
    ("consultations", "submitRemark", {"consultationId": new_id("con"), "text": "Uwaga"}, Role.OPERATOR),
    (
        "events",
        "scheduleEvent",
        {
            "title": "T",
            "organizerIds": [new_id("org")],
            "startsAt": "2099-01-01T10:00:00Z",
            "endsAt": "2099-01-01T11:00:00Z",
        },
        Role.RESIDENT,
    ),
    ("events", "changeEvent", {"id": new_id("evt"), "expectedVersion": 1, "title": "T"}, Role.REPRESENTATIVE),
]
OPEN: list[tuple[str, str, dict[str, Any], str | None]] = [
    ("registry", "submitOrganization", {"name": "Fundacja Otwarta", "legalForm": "FOUNDATION"}, None),
    ("registry", "submitCorrection", {"recordId": new_id("evt"), "wrong": "Zła godzina"}, None),
    ("registry", "commentSmallGrant", {"smallGrantId": new_id("smg"), "text": "Uwaga"}, "UNKNOWN_SMALL_GRANT"),
]
"""The public forms, for which nobody needs a token (docs/decisions/0011), and by which rule of theirs, if by any, what
is sent here is declined: every other command is in WRITES."""
IMPORTS: list[tuple[str, str, dict[str, Any], Role]] = [
    ("registry", "import", {}, Role.OFFICIAL),
    ("registry", "importOrganizations", {"rows": []}, Role.OFFICIAL),
    ("events", "import", {}, Role.OFFICIAL),
]
each_write = pytest.mark.parametrize(("service", "path", "body", "role"), WRITES + IMPORTS)


@each_write
async def test_without_a_token(city: System, service: str, path: str, body: dict[str, Any], role: Role) -> None:
    status, answer = await city.call(service, path, body)
    assert status == 401, answer


@each_write
async def test_with_an_expired_token(city: System, service: str, path: str, body: dict[str, Any], role: Role) -> None:
    status, answer = await city.call(service, path, body, city.token(*Role, seconds=-3600))
    assert (status, answer["errors"][0]["code"]) == (401, "UNAUTHENTICATED")


@each_write
async def test_with_another_audience(city: System, service: str, path: str, body: dict[str, Any], role: Role) -> None:
    status, answer = await city.call(service, path, body, city.token(*Role, audience="other"))
    assert (status, answer["errors"][0]["code"]) == (401, "UNAUTHENTICATED")


@each_write
async def test_with_a_role_that_may_not(
    city: System, service: str, path: str, body: dict[str, Any], role: Role
) -> None:
    status, answer = await city.call(service, path, body, city.token(role))
    assert (status, answer["errors"][0]["code"]) == (403, "FORBIDDEN")


each_open = pytest.mark.parametrize(("service", "path", "body", "code"), OPEN)


@each_open
async def test_a_public_form_is_taken_without_a_token(
    city: System, service: str, path: str, body: dict[str, Any], code: str | None
) -> None:
    status, answer = await city.call(service, path, body)
    assert (status, answer["errors"][0]["code"] if code else None) == (422 if code else 200, code), answer


@each_open
@pytest.mark.parametrize("wrong", [{"seconds": -3600}, {"audience": "other"}])
async def test_a_public_form_is_not_taken_with_a_bad_token(
    city: System, service: str, path: str, body: dict[str, Any], code: str | None, wrong: dict[str, Any]
) -> None:
    status, answer = await city.call(service, path, body, city.token(*Role, **wrong))
    assert (status, answer["errors"][0]["code"]) == (401, "UNAUTHENTICATED")


def test_no_other_command_is_open() -> None:
    from services.consultations.http import ROUTES as CONSULTATIONS
    from services.events.http import ROUTES as EVENTS
    from services.registry.http import ROUTES as REGISTRY

    writes = [*REGISTRY.writes, *CONSULTATIONS.writes, *EVENTS.writes]
    found = {write.command.__name__ for write in writes if write.open_to_visitors}
    assert found == {path[0].upper() + path[1:] for _, path, _, _ in OPEN}


async def test_every_command_of_every_service_is_in_this_list() -> None:
    from services.consultations import http as consultations
    from services.events import http as events
    from services.registry import http as registry
    from shared.store.port import Store

    paths: set[str] = set()
    for module in (registry, consultations, events):
        store: Store = None  # type: ignore[assignment]  # routes only keep it
        routes = module.SERVICE.routes(store, lambda: None)
        paths |= {str(route.path) for route in routes if route.method != "GET"}
    reads = ("/batch", "/find", "/related")
    listed = [path for _, path, _, _ in [*WRITES, *IMPORTS, *OPEN]]
    assert {path for path in paths if not path.endswith(reads)} == {f"/v1/{path}" for path in listed}
