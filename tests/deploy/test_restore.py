"""deploy/restore.sh takes data away before it brings data back: what is no backup it must refuse before that."""

import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def no_archive(path: Path) -> None:
    path.write_text("no archive")


def half_a_backup(path: Path) -> None:
    (path.parent / "mongo-data").mkdir()
    with tarfile.open(path, "w:gz") as archive:
        archive.add(path.parent / "mongo-data", "mongo-data")


def nothing(_: Path) -> None: ...


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (nothing, "is no backup: it cannot be read"),
        (no_archive, "is no backup: it cannot be read"),
        (half_a_backup, "is no backup: it has no nats-data/"),
    ],
)
def test_what_is_no_backup_is_refused_before_anything_is_touched(
    make: Callable[[Path], None], told: str, tmp_path: Path
) -> None:
    docker = tmp_path / "docker"
    docker.write_text(f"#!/bin/sh\ntouch {tmp_path}/called\n")
    docker.chmod(0o755)
    file = tmp_path / "backup.tar.gz"
    make(file)
    outcome = subprocess.run(
        ["sh", "deploy/restore.sh", str(file)],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 1
    assert outcome.stderr.endswith(f"{file} {told}\n")
    assert not (tmp_path / "called").exists()
