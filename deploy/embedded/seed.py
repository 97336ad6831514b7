"""`make seed ORGANIZATIONS=931`: generate records and add them to the system that runs on this machine."""

import argparse
import asyncio
import socket
import sys

from tqdm import tqdm

from deploy.embedded.keys import Keys
from deploy.embedded.layout import from_environment
from deploy.seed.generate import LARGEST, generate
from deploy.seed.load import load
from deploy.seed.proportions import SMALLEST
from deploy.seed.records import line_of
from shared.clock import today
from shared.contracts.people import Role


def main() -> None:
    parser = argparse.ArgumentParser(prog="make seed", description=__doc__)
    parser.add_argument("--organizations", type=int, default=931)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if not SMALLEST <= given.organizations <= LARGEST:
        parser.error(f"ORGANIZATIONS must be from {SMALLEST} to {LARGEST}")
    layout = from_environment()
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", layout.ports["registry"])) != 0:
            raise SystemExit(f"nothing runs at PORT={layout.port}: start the system first, with make run")
    try:
        token = Keys(layout.keys).token([Role.OPERATOR], subject="seed")
    except FileNotFoundError:
        raise SystemExit(f"{layout.data} is not the data folder of what runs: give the same DATA_DIR") from None
    records = generate(total=given.organizations, seed=given.seed, on=today())
    lines = (line_of(collection, entity) for collection, entity in records)
    with tqdm(unit=" records") as bar:
        outcome = asyncio.run(load(layout.services, token, lines, bar.update))
    for error in outcome.errors:
        print(error, file=sys.stderr)
    print(outcome)
    sys.exit(1 if outcome.errors else 0)


main()
