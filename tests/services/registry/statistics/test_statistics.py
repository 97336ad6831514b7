"""The register in numbers: now, and as snapshots that say what does not reconcile."""

import asyncio

import msgspec

from deploy.seed.records import seed_records
from shared.clock import today
from shared.contracts.base import encode
from shared.contracts.people import Role
from shared.contracts.statistics import NamedCount, Snapshot
from shared.ids import id_of, new_id
from tests.services.registry.partnerships.test_partnerships import refusal
from tests.system import System

PUBLISHED = next(entity for _, entity in seed_records() if isinstance(entity, Snapshot))


def test_the_published_statistics_of_2019_do_not_reconcile() -> None:
    assert PUBLISHED.taken_on.isoformat() == "2019-10-22"
    assert (PUBLISHED.total, PUBLISHED.public_benefit) == (931, 78)
    assert [each.count for each in PUBLISHED.counts] == [223, 37, 20, 3, 47, 73, 14]
    assert PUBLISHED.unreconciled == 931 - 417 == 514


def test_what_does_not_reconcile_may_be_negative() -> None:
    snapshot = Snapshot(
        **{name: getattr(PUBLISHED, name) for name in ("id", "version", "created_at", "updated_at", "taken_on")},
        total=1,
        counts=(NamedCount(name="fundacje", count=3),),
    )
    assert snapshot.unreconciled == -2


async def test_the_published_statistics_beside_what_is_counted_now(city: System) -> None:
    line = ("snapshots", msgspec.json.decode(encode(PUBLISHED)))
    await city.load("registry", line)
    district = new_id("dis")
    for form, benefit in (("FOUNDATION", True), ("FOUNDATION", False), ("ASSOCIATION", False)):
        await city.organization(
            legalForm=form, publicBenefit=benefit, fields=["HEALTH", "ECONOMY"], districtIds=[district]
        )
    await city.organization(status="SUBMITTED")
    official = city.token(Role.OFFICIAL)
    numbers = """query { statistics {
      total byLegalForm { value count } byField { value count } byDistrict { value count }
      publicBenefit
    } }"""
    # an official sees submissions in the register, but statistics are of what is published, for everybody
    for token in (None, official):
        data = (await city.ask(numbers, None, token))["statistics"]
        assert data["total"] == 3
        assert data["byLegalForm"] == [{"value": "FOUNDATION", "count": 2}, {"value": "ASSOCIATION", "count": 1}]
        assert data["byField"] == [{"value": "ECONOMY", "count": 3}, {"value": "HEALTH", "count": 3}]
        assert data["byDistrict"] == [{"value": district, "count": 3}]
        assert data["publicBenefit"] == 1
    take = "mutation { takeSnapshot(input: {}) { snapshot { total unreconciled } errors { code } } }"
    taken = (await city.ask(take, None, official))["takeSnapshot"]
    assert taken == {"snapshot": {"total": 3, "unreconciled": 0}, "errors": []}
    data = await city.ask(
        """query { snapshots {
          nodes { takenOn total publicBenefit unreconciled counts { name legalForm count } source { document } }
        } }"""
    )
    now, then = data["snapshots"]["nodes"]
    assert (now["takenOn"], now["publicBenefit"], now["source"]) == (today().isoformat(), 1, None)
    assert now["counts"][0] == {"name": "FOUNDATION", "legalForm": "FOUNDATION", "count": 2}
    assert (then["takenOn"], then["unreconciled"], then["counts"][0]["name"]) == ("2019-10-22", 514, "fundacje")
    _, page = await city.call("registry", "snapshots/find", {"filter": {"until": "2019-10-22", "since": "2019-10-22"}})
    assert [item["id"] for item in page["items"]] == [id_of("snp", "seed:rejestr-2019-10-22")]


async def test_there_is_one_snapshot_of_a_day_and_the_later_replaces_it(city: System) -> None:
    official = city.token(Role.OFFICIAL)
    await city.call("registry", "takeSnapshot", {}, official)
    await city.organization()
    answers = await asyncio.gather(*(city.call("registry", "takeSnapshot", {"note": "x"}, official) for _ in range(3)))
    versions = sorted(body["version"] for _, body in answers)
    assert (len({body["id"] for _, body in answers}), versions[2] - versions[0]) == (1, 2)
    _, page = await city.call("registry", "snapshots/find", {"filter": {"since": today().isoformat()}})
    (kept,) = page["items"]
    assert (kept["version"], kept["note"], kept["total"]) == (versions[2], "x", answers[0][1]["total"])


async def test_officials_take_snapshots(city: System) -> None:
    answer = await city.call("registry", "takeSnapshot", {}, city.token(Role.EDITOR))
    assert refusal(answer) == (403, "FORBIDDEN", None)
