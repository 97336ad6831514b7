"""`python -m deploy.setup.seed`: loads the records of the five documents into a system to try it with."""

import asyncio
from pathlib import Path

from deploy.embedded.keys import Keys
from deploy.embedded.layout import SERVICES
from deploy.seed.load import load
from deploy.seed.records import line_of, seed_records
from shared.contracts.people import Role
from shared.environment import required


def main() -> None:
    token = Keys(Path(required("DATA_DIR")) / "keys").token([Role.OPERATOR], subject="seed")
    lines = [line_of(collection, entity) for collection, entity in seed_records()]
    urls = {service: f"http://{service}:8080" for service in SERVICES}
    outcome = asyncio.run(load(urls, token, lines, lambda _: None))
    for error in outcome.errors:
        print(error)
    print(outcome)
    raise SystemExit(1 if outcome.errors else 0)


if __name__ == "__main__":
    main()
