"""`make contracts`: writes the two published contracts, which are committed so that each change is seen in review.

schema.graphql is what clients may ask; asyncapi.yaml is what goes over the bus (JSON, which is YAML, too).
"""

import tomllib
from pathlib import Path

import msgspec

from gateway.schema.root import schema
from shared.bus import asyncapi

ROOT = Path(__file__).parents[1]


def contracts() -> dict[Path, str]:
    """Each file and what it has to hold."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    document = msgspec.json.format(msgspec.json.encode(asyncapi.document(version)), indent=2)
    return {
        ROOT / "schema.graphql": schema.as_str() + "\n",
        ROOT / "asyncapi.yaml": document.decode() + "\n",
    }


def main() -> None:
    for file, text in contracts().items():
        file.write_text(text)


if __name__ == "__main__":
    main()
