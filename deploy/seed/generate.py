"""The seed, extended to the real size of the register or to any other: `python -m deploy.seed.generate --help`.

Writes one line per record, {"collection": ..., "entity": {...}}, the seed's own records first; they count among the
numbers asked for. The same arguments give the same bytes; pass --today to have that on another day, too, because which
consultations are open depends on it.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from itertools import count
from pathlib import Path

from tqdm import tqdm

from deploy.seed.consultations import consultations
from deploy.seed.events import events
from deploy.seed.organizations import generated_id, organizations
from deploy.seed.proportions import PUBLISHED_PUBLIC_BENEFIT, PUBLISHED_TOTAL, SMALLEST, missing, scaled
from deploy.seed.records import line_of, seed_records
from shared.clock import today
from shared.contracts.base import Entity
from shared.contracts.organisations import Organization

LARGEST = 1_000_000
"""There are no more court register numbers to give out."""


def generate(
    *, total: int, seed: int, on: date, consultation_count: int = 200, event_count: int = 1_000
) -> Iterator[tuple[str, Entity]]:
    """The seed's records and then the invented ones, so many that together there are as many as asked for."""
    seeded = list(seed_records())
    districts = [entity.id for collection, entity in seeded if collection == "districts"]
    forms = Counter(entity.legal_form for _, entity in seeded if isinstance(entity, Organization))
    seeds = Counter(collection for collection, _ in seeded)
    counts = missing(total, forms)
    invented = sum(counts.values())
    number = count(invented)

    def new_id(prefix: str) -> str:
        return generated_id(prefix, seed, next(number))

    def organizer(chance: random.Random) -> str:
        return generated_id("org", seed, chance.randrange(invented))

    yield from seeded
    # No document of the seed says of anybody that they have public-benefit status: all who do are invented.
    benefits = scaled(PUBLISHED_PUBLIC_BENEFIT, total)
    for organization in organizations(counts, benefits, seed, districts):
        yield "organizations", organization
    consultation_count -= seeds["consultations"]
    yield from consultations(consultation_count, seed, on, organizer, districts, new_id)
    for event in events(event_count - seeds["events"], seed, on, organizer, districts, new_id):
        yield "events", event


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.seed.generate", description=__doc__)
    parser.add_argument("--organizations", type=int, default=PUBLISHED_TOTAL, help="from 100 to 1 000 000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--consultations", type=int, default=200)
    parser.add_argument("--events", type=int, default=1_000)
    parser.add_argument("--today", type=date.fromisoformat, default=today())
    parser.add_argument("--out", type=Path, help="a file instead of standard output")
    given = parser.parse_args()
    if not SMALLEST <= given.organizations <= LARGEST:
        parser.error(f"--organizations must be from {SMALLEST} to {LARGEST}")
    records = generate(
        total=given.organizations,
        seed=given.seed,
        on=given.today,
        consultation_count=given.consultations,
        event_count=given.events,
    )
    counted = {"organizations", "consultations", "events"}
    with (
        given.out.open("wb") if given.out else nullcontext(sys.stdout.buffer) as out,
        tqdm(total=given.organizations + given.consultations + given.events, unit=" records") as bar,
    ):
        for collection, entity in records:
            out.write(line_of(collection, entity) + b"\n")
            bar.update(collection in counted)


if __name__ == "__main__":
    main()
