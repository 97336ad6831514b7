"""Agreements on granted tasks, requests to change them, and reports: in order, in time, and to the grosz."""

import asyncio
from datetime import date
from typing import Any

import pytest

from services.registry.agreements.rules import within_years
from services.registry.law.rules import Provision
from shared.contracts.people import Role
from shared.contracts.refusals import Refused
from shared.ids import new_id
from tests.services.registry.calls.procedure import (
    CLOSED,
    Answer,
    accepted,
    announced,
    article,
    content,
    evaluate,
    evaluator,
    new_call,
    official,
    own,
    publish,
    refusal,
    step,
)
from tests.services.registry.grants import procedure as small
from tests.services.registry.moments import Travel
from tests.system import System


async def funded(city: System, at: Travel, grant: str = "25000.00", **call_with: Any) -> dict[str, Any]:
    call = await announced(city, at, **call_with)
    offer = await accepted(city, at, call)
    assert (await evaluate(city, call, offer, evaluator(city, "1")))[0] == 200
    assert (await publish(city, call, (offer, grant)))[0] == 200
    return offer


async def sign(city: System, offer: dict[str, Any], **more: Any) -> Answer:
    body = {"offerId": offer["id"], "signedOn": str(CLOSED)} | more
    return await city.call("registry", "signAgreement", body, official(city))


async def signed(city: System, at: Travel) -> tuple[dict[str, Any], str]:
    """An agreement, and the token of a representative of its organisation."""
    offer = await funded(city, at)
    status, agreement = await sign(city, offer)
    assert status == 200, agreement
    return agreement, own(city, *offer["organizationIds"])


async def report(city: System, agreement: dict[str, Any], token: str, **more: Any) -> Answer:
    body = {"agreementId": agreement["id"], "description": "Odbyło się.", "spent": "24000.00"} | more
    return await city.call("registry", "submitTaskReport", body, token)


async def test_the_report_is_due_thirty_days_after_the_task(city: System, at: Travel) -> None:
    agreement, _ = await signed(city, at)
    # thirty days from 31 December 2027 end on Sunday 30 January 2028
    assert (agreement["endsOn"], agreement["reportUntil"]) == ("2027-12-31", "2028-01-31")
    assert (agreement["grant"], agreement["content"]["grant"]) == ("25000.00", "25000.00")
    for day, count in [("2028-01-31", 0), ("2028-02-01", 1)]:
        asked = {"filter": {"reportBefore": day, "organizationId": agreement["organizationIds"][0]}}
        _, page = await city.call("registry", "agreements/find", asked)
        assert len(page["items"]) == count


async def test_there_is_one_agreement_on_a_grant(city: System, at: Travel) -> None:
    offer = await funded(city, at)
    answers = await asyncio.gather(*(sign(city, offer) for _ in range(4)))
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409]
    assert {refusal(answer)[1] for answer in answers if answer[0] == 409} == {"AGREEMENT_EXISTS"}


async def test_there_is_no_agreement_without_a_grant(city: System, at: Travel) -> None:
    offer = await accepted(city, at, await announced(city, at))
    answer = await sign(city, offer)
    assert (refusal(answer), article(answer)) == ((422, "NOT_GRANTED", "offerId"), "art. 16 ust. 1")
    assert refusal(await sign(city, {"id": new_id("ofr")}))[1] == "NOT_GRANTED"
    for wrong in ({"smallGrantId": new_id("smg")}, {"offerId": None}):
        assert refusal(await sign(city, offer, **wrong)) == (422, "ONE_GRANT_WANTED", "offerId")


async def test_an_agreement_on_less_than_asked_has_a_new_budget(city: System, at: Travel) -> None:
    offer = await funded(city, at, "20000.00")
    assert refusal(await sign(city, offer)) == (422, "BUDGET_NOT_UPDATED", "content")
    budget = [{"name": "Prowadzący", "total": "20000.00", "grant": "20000.00"}]
    sums = {"total": "20000.00", "grant": "20000.00", "own": "0.00", "other": "0.00"}
    answer = await sign(city, offer, content=content(budget=budget, **sums | {"own": "1.00"}))
    assert refusal(answer) == (422, "BUDGET_DOES_NOT_ADD_UP", "content.own")
    status, agreement = await sign(city, offer, content=content(budget=budget, **sums))
    assert (status, agreement["grant"]) == (200, "20000.00")


async def test_an_agreement_is_signed_after_the_results_and_not_in_the_future(city: System, at: Travel) -> None:
    offer = await funded(city, at)
    for day in ("2027-03-22", "2027-03-24"):
        assert refusal(await sign(city, offer, signedOn=day)) == (422, "SIGNING_DAY_WRONG", "signedOn")


async def test_a_task_of_several_years_is_paid_by_year(city: System, at: Travel) -> None:
    task = new_call("")["tasks"][0] | {"endsOn": "2028-06-30"}
    offer = await funded(city, at, tasks=[task])
    first, second = {"year": 2027, "amount": "15000.00"}, {"year": 2028, "amount": "10000.00"}
    for tranches in ([], [first], [second, first]):
        answer = await sign(city, offer, tranches=tranches)
        assert (refusal(answer), article(answer)) == ((422, "TRANCHES_BY_YEAR", "tranches"), "art. 16 ust. 3")
    answer = await sign(city, offer, tranches=[first, second | {"amount": "10000.01"}])
    assert refusal(answer) == (422, "TRANCHES_DO_NOT_ADD_UP", "tranches")
    status, agreement = await sign(city, offer, tranches=[first, second])
    assert (status, agreement["tranches"]) == (200, [first, second])


def test_an_agreement_is_for_five_years_at_most() -> None:
    limit = Provision(5, "art. 16 ust. 3", date(2010, 3, 12))
    within_years(date(2027, 3, 23), date(2032, 3, 23), limit)
    within_years(date(2028, 2, 29), date(2033, 3, 1), limit)
    for signed_on, ends_on in [(date(2027, 3, 23), date(2032, 3, 24)), (date(2027, 12, 31), date(2033, 1, 1))]:
        with pytest.raises(Refused, match="AGREEMENT_TOO_LONG"):
            within_years(signed_on, ends_on, limit)


async def test_a_small_grant_has_its_agreement(city: System, at: Travel) -> None:
    at(date(2043, 5, 1))
    organization = await city.organization()
    await small.plan(city, 2043, "1000000.00")
    grant = await small.published(city, at, organization, date(2043, 5, 4), amount="5000.00")
    at(date(2043, 6, 1))
    body = {"smallGrantId": grant["id"], "signedOn": "2043-06-01"}
    answer = await city.call("registry", "signAgreement", body, official(city))
    assert refusal(answer) == (422, "NOT_GRANTED", "smallGrantId")
    await small.step(city, "decide", grant, grant=True)
    status, agreement = await city.call("registry", "signAgreement", body, official(city))
    # the task ends on 3 July; thirty days later is Sunday 2 August
    assert (status, agreement["grant"], agreement["reportUntil"]) == (200, "5000.00", "2043-08-03")
    wanted = {"agreementId": agreement["id"], "reason": "Zmiana.", "content": content()}
    answer = await city.call("registry", "requestChange", wanted, own(city, organization))
    assert refusal(answer) == (422, "NOTHING_TO_CHANGE", "agreementId")


async def request(city: System, agreement: dict[str, Any], token: str, **said: Any) -> Answer:
    body = {"agreementId": agreement["id"], "reason": "Inny prowadzący.", "content": content(**said)}
    return await city.call("registry", "requestChange", body, token)


async def test_an_accepted_change_is_the_agreements(city: System, at: Travel) -> None:
    agreement, token = await signed(city, at)
    assert refusal(await request(city, agreement, token, total="1.00")) == (
        422,
        "BUDGET_DOES_NOT_ADD_UP",
        "content.total",
    )
    status, wanted = await request(city, agreement, token, title="Klub w Błesznie")
    assert (status, wanted["status"]) == (200, "REQUESTED")
    assert refusal(await step(city, "decideChange", wanted, official(city), accept=False)) == (
        422,
        "REASON_REQUIRED",
        "reason",
    )
    status, wanted = await step(city, "decideChange", wanted, official(city), accept=True)
    assert (status, wanted["status"], wanted["decidedOn"]) == (200, "ACCEPTED", "2027-03-23")
    _, page = await city.call("registry", "agreements/batch", {"ids": [agreement["id"]]})
    assert [(item["title"], item["version"]) for item in page["items"]] == [("Klub w Błesznie", 2)]
    answer = await step(city, "decideChange", wanted, official(city), accept=True)
    assert refusal(answer) == (409, "ALREADY_DECIDED", None)


async def agreement_of(city: System, agreement: dict[str, Any]) -> dict[str, Any]:
    _, page = await city.call("registry", "agreements/batch", {"ids": [agreement["id"]]})
    found: dict[str, Any] = page["items"][0]
    return found


async def test_changes_accepted_at_once_never_undo_each_other(city: System, at: Travel) -> None:
    agreement, token = await signed(city, at)
    wanted = [(await request(city, agreement, token, title=f"Klub {n}"))[1] for n in range(4)]
    decided = await asyncio.gather(*(step(city, "decideChange", one, official(city), accept=True) for one in wanted))
    assert sorted(status for status, _ in decided) == [200, 409, 409, 409]
    assert {refusal(answer) for answer in decided if answer[0] == 409} == {(409, "CHANGE_OUTDATED", "id")}
    (accepted_as,) = (one["content"]["title"] for status, one in decided if status == 200)
    now = await agreement_of(city, agreement)
    assert (now["title"], now["version"]) == (accepted_as, 2)
    # an outdated one is declined, and asked for again on what holds now
    answer = await city.call(
        "registry",
        "requestChange",
        {"agreementId": agreement["id"], "expectedVersion": 1, "reason": "Zmiana.", "content": content()},
        token,
    )
    assert refusal(answer) == (409, "VERSION_OUTDATED", "expectedVersion")
    _, again = await request(city, agreement, token, title="Klub na nowo")
    assert again["agreementVersion"] == 2
    assert (await step(city, "decideChange", again, official(city), accept=True))[0] == 200


async def test_nothing_is_changed_after_the_task_nor_after_its_report_was_accepted(city: System, at: Travel) -> None:
    agreement, token = await signed(city, at)
    at(date(2027, 12, 31), 12)
    _, waiting = await request(city, agreement, token, title="Klub w Błesznie")
    _, made = await report(city, agreement, token)
    change, accept = await asyncio.gather(
        step(city, "decideChange", waiting, official(city), accept=True),
        step(city, "decideTaskReport", made, official(city), accept=True),
    )
    assert accept[0] == 200
    assert change[0] == 200 or refusal(change)[1] == "TASK_SETTLED"
    now = await agreement_of(city, agreement)
    assert (now["settledOn"], now["version"]) == ("2027-12-31", 3 if change[0] == 200 else 2)
    assert refusal(await request(city, agreement, token)) == (409, "TASK_SETTLED", None)
    late, token = await signed(city, at)
    _, waiting = await request(city, late, token)
    at(date(2028, 1, 1), 0, 0)
    assert refusal(await request(city, late, token)) == (409, "TASK_OVER", None)
    assert refusal(await step(city, "decideChange", waiting, official(city), accept=True)) == (409, "TASK_OVER", None)
    answer = await step(city, "decideChange", waiting, official(city), accept=False, reason="Po zadaniu.")
    assert answer[0] == 200


async def test_a_declined_change_leaves_the_agreement_and_stays_private(city: System, at: Travel) -> None:
    agreement, token = await signed(city, at)
    _, wanted = await request(city, agreement, token, title="Inaczej")
    status, wanted = await step(city, "decideChange", wanted, official(city), accept=False, reason="Za późno.")
    assert (status, wanted["status"], wanted["decisionReason"]) == (200, "DECLINED", "Za późno.")
    _, page = await city.call("registry", "agreements/batch", {"ids": [agreement["id"]]})
    assert [item["version"] for item in page["items"]] == [1]
    for reader, count in [(None, 0), (own(city, new_id("org")), 0), (token, 1), (official(city), 1)]:
        asked = {"filter": {"agreementId": agreement["id"]}}
        _, found = await city.call("registry", "changerequests/find", asked, reader)
        _, batch = await city.call("registry", "changerequests/batch", {"ids": [wanted["id"]]}, reader)
        assert (len(found["items"]), len(batch["items"])) == (count, count)


async def test_only_a_party_asks_for_changes_and_reports(city: System, at: Travel) -> None:
    agreement, _ = await signed(city, at)
    for token in (own(city, new_id("org")), city.token(Role.OFFICIAL)):
        assert refusal(await request(city, agreement, token)) == (403, "FORBIDDEN", None)
        assert refusal(await report(city, agreement, token)) == (403, "FORBIDDEN", None)


async def test_a_report_comes_after_the_task_and_late_shows(city: System, at: Travel) -> None:
    agreement, token = await signed(city, at)
    at(date(2027, 12, 30))
    answer = await report(city, agreement, token)
    assert (refusal(answer), article(answer)) == ((409, "TASK_NOT_OVER", None), "art. 18 ust. 1")
    at(date(2028, 1, 31), 23, 59)
    assert refusal(await report(city, agreement, token, spent="25000.01")) == (422, "SPENT_ABOVE_GRANT", "spent")
    status, made = await report(city, agreement, token)
    assert (status, made["status"], made["inTime"]) == (200, "SUBMITTED", True)
    assert refusal(await report(city, agreement, token)) == (409, "REPORTED_ALREADY", "agreementId")
    late, token = await signed(city, at)
    at(date(2028, 2, 1))
    _, made = await report(city, late, token)
    assert made["inTime"] is False


async def test_a_returned_report_is_sent_in_again_and_an_accepted_one_is_public(city: System, at: Travel) -> None:
    agreement, token = await signed(city, at)
    at(date(2028, 1, 10))
    _, made = await report(city, agreement, token)
    status, made = await step(city, "decideTaskReport", made, official(city), accept=False, reason="Brak list.")
    assert (status, made["status"]) == (200, "RETURNED")
    asked = {"filter": {"agreementId": agreement["id"]}}
    _, page = await city.call("registry", "taskreports/find", asked)
    assert page["items"] == []
    at(date(2028, 3, 1))
    status, again = await report(city, agreement, token, spent="23000.00")
    assert (status, again["id"], again["spent"], again["inTime"]) == (200, made["id"], "23000.00", True)
    status, _ = await step(city, "decideTaskReport", again, official(city), accept=True)
    assert status == 200
    _, page = await city.call("registry", "taskreports/find", asked)
    assert [item["status"] for item in page["items"]] == ["ACCEPTED"]
