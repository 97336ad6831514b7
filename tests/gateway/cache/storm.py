"""Writers and readers at once, and what a reader may not be answered any more."""

import asyncio
import random
import time
from collections import Counter
from typing import Any

from shared.contracts.people import Role
from shared.ids import new_id
from tests.system import System

LIST = """query($id: ID!) { district(id: $id) { organizations(first: 100) { totalCount nodes { id version } } } }"""
ONE = """query($id: ID!) { organization(id: $id) { id version events(first: 1) { totalCount } } }"""
ALL = """{ organizations(first: 100, orderBy: NEWEST) { nodes { id version } } events(first: 0) { totalCount } }"""


class Storm:
    """`districts` of which organisations move from one to the other."""

    def __init__(self, near: System, far: System, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - chooses what a test does
        self.replicas = (near, far)
        self.districts = (new_id("dis"), new_id("dis"))
        self.organizations: list[str] = []
        self.where: dict[tuple[str, int], str] = {}
        """In which district an organisation is as of a version."""
        self.latest: dict[str, int] = {}
        """The version that was asked to be written last."""
        self.events: dict[str, str] = {}
        """The organiser of each event whose writing was answered."""
        self.own: dict[tuple[int, str], int] = {}
        """What was written through a replica, which it must show at once."""
        self.checks: Counter[str] = Counter()
        self.stale: list[str] = []
        self.over = False

    async def prepare(self, count: int) -> None:
        near, far = self.replicas
        lines: list[tuple[str, dict[str, Any]]] = [
            ("districts", {"id": id_, "name": "Dzielnica", "city": "Częstochowa"}) for id_ in self.districts
        ]
        for place in range(count):
            id_ = new_id("org")
            self.organizations.append(id_)
            district = self.districts[place % 2]
            more = {"legalForm": "FOUNDATION", "status": "PUBLISHED", "districtIds": [district]}
            lines.append(("organizations", {"id": id_, "name": f"Fundacja {place}"} | more))
            self.where[id_, 1], self.latest[id_] = district, 1
        await near.load("registry", *lines)
        far.awaited |= near.awaited
        await near.told()
        await far.told()

    def known(self, replica: int, id_: str) -> int:
        """The version that this replica may not fall behind."""
        return max(self.replicas[replica].seen.get(id_, 0), self.own.get((replica, id_), 0))

    async def move(self, lane: int) -> None:
        """An organisation moves; each lane has its own, so that none refuses the other."""
        token = self.replicas[0].token(Role.OFFICIAL)
        mine = self.organizations[lane::4]
        while not self.over:
            id_, replica = self.random.choice(mine), self.random.randrange(2)
            version, district = self.latest[id_], self.random.choice(self.districts)
            self.latest[id_] = version + 1
            self.where[id_, version + 1] = district
            given = {"id": id_, "expectedVersion": version, "districtIds": [district]}
            query = (
                "mutation($in: UpdateOrganizationInput!) { updateOrganization(input: $in) "
                "{ organization { version } errors { code message } } }"
            )
            done = (await self.replicas[replica].ask(query, {"in": given}, token))["updateOrganization"]
            assert done["errors"] == [], done
            assert done["organization"]["version"] == version + 1
            self.own[replica, id_] = version + 1
            self.checks["writes"] += 1
            await asyncio.sleep(0.05)

    async def meet(self) -> None:
        """Round the gateways."""
        city = self.replicas[0]
        token = city.token(Role.OFFICIAL)
        times = {"startsAt": "2098-01-01T10:00:00Z", "endsAt": "2098-01-01T11:00:00Z"}
        while not self.over:
            organizer = self.random.choice(self.organizations)
            command = {"title": "Zebranie", "organizerIds": [organizer]} | times
            headers = {"Authorization": f"Bearer {token}"}
            url = f"{city.urls['events']}/v1/scheduleEvent"
            async with city.session.post(url, json=command, headers=headers) as answer:
                self.events[(await answer.json())["id"]] = organizer
            self.checks["writes"] += 1
            await asyncio.sleep(0.05)

    async def read(self, replica: int) -> None:
        city = self.replicas[replica]
        while not self.over:
            known = {id_: self.known(replica, id_) for id_ in self.organizations}
            met = Counter(organizer for id_, organizer in self.events.items() if id_ in city.seen)
            match self.random.randrange(3):
                case 0:
                    district = self.random.choice(self.districts)
                    data = await city.ask(LIST, {"id": district})
                    self._check_list(replica, district, data["district"]["organizations"], known)
                case 1:
                    id_ = self.random.choice(self.organizations)
                    data = (await city.ask(ONE, {"id": id_}))["organization"]
                    self._check("one", data["version"] >= known[id_], (id_, data, known[id_]))
                    self._check("events of one", data["events"]["totalCount"] >= met[id_], (id_, data, met[id_]))
                case 2:
                    data = await city.ask(ALL)
                    for one in data["organizations"]["nodes"]:
                        self._check("all", one["version"] >= known[one["id"]], (one, known[one["id"]]))
                    self._check("events", data["events"]["totalCount"] >= met.total(), (data["events"], met.total()))
            await asyncio.sleep(0)

    def _check_list(self, replica: int, district: str, page: Any, known: dict[str, int]) -> None:
        listed = {one["id"]: one["version"] for one in page["nodes"]}
        for id_, version in listed.items():
            self._check("listed", version >= known[id_], (id_, version, known[id_]))
            self._check("its district", self.where[id_, version] == district, (id_, version))
        for id_, version in known.items():
            # nobody has even tried to move it since
            if self.latest[id_] == version:
                there = self.where[id_, version] == district
                self._check("membership", (id_ in listed) is there, (id_, version, there))

    def _check(self, what: str, right: bool, told: object) -> None:
        self.checks[what] += 1
        if not right:
            self.stale.append(f"{what}: {told}")

    async def rage(self, seconds: float, readers: int, meanwhile: Any) -> None:
        async with asyncio.TaskGroup() as tasks:
            for lane in range(4):
                tasks.create_task(self.move(lane))
            tasks.create_task(self.meet())
            for reader in range(readers):
                tasks.create_task(self.read(reader % 2))
            end = time.monotonic() + seconds
            await meanwhile()
            while time.monotonic() < end and not self.stale:
                await asyncio.sleep(0.05)
            self.over = True
