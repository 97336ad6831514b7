"""A URL that cannot be used ends a process with one line, in which no password is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.keys import ISSUER, Keys
from tests.system import free_port


@pytest.mark.parametrize(
    ("module", "settings", "told"),
    [
        ("services.events", {"STORE_URL": "mongodb://jasne:ta@jne@127.0.0.1/events"}, "STORE_URL cannot be read"),
        ("services.events", {"NATS_URL": "nats://jasne@127.0.0.1:tajne"}, "NATS_URL cannot be read"),
        ("gateway", {"NATS_URL": "nats://jasne@127.0.0.1:tajne"}, "NATS_URL cannot be read"),
    ],
)
def test_it_is_told_in_one_line(tmp_path: Path, module: str, settings: dict[str, str], told: str) -> None:
    keys = Keys(tmp_path)
    keys.ensure()
    services = {f"{name}_URL": "http://127.0.0.1:9" for name in ("REGISTRY", "CONSULTATIONS", "EVENTS")}
    usual = {
        "PORT": str(free_port()),
        "STORE_URL": f"sqlite://{tmp_path}/events.db",
        "NATS_URL": "nats://127.0.0.1:9",
        "JWKS_URL": keys.jwks_url,
        "TOKEN_ISSUER": ISSUER,
    }
    ended = subprocess.run(
        [sys.executable, "-m", module],
        env=os.environ | services | usual | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    lines = [line for line in (ended.stdout + ended.stderr).splitlines() if " INFO " not in line]
    assert [line.partition(": ")[2][: len(told)] for line in lines] == [told]
    assert "jne" not in lines[0].replace("jasne", "")
