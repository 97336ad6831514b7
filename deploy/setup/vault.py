"""Where secrets are made and kept, and how each gets to the one process that needs it.

The vault is a folder that nobody but the setup mounts. Each process has a folder of its own with copies of its own
secrets, so that who breaks into one process has the secrets of that one.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.layout import SERVICES

PROCESSES = (*SERVICES, "gateway")
PROCESS_USER = 10001
NATS_USER = 10002
MONGO_USER = 999
"""Of the official image."""


@dataclass(frozen=True)
class Place:
    """A folder that one kind of process mounts, and the user it runs as."""

    folder: Path
    user: int

    def put(self, name: str, content: str, mode: int = 0o400) -> None:
        """All of it or nothing of it is there, whenever somebody looks."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # of its own: another may be at the same
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            if os.geteuid() == 0:
                os.fchown(file.fileno(), self.user, self.user)
            # else a machine that loses power may keep the name without the content, and what is there is not made anew
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)


@dataclass(frozen=True)
class Vault:
    folder: Path

    def secret(self, name: str) -> str:
        """Made on first use: 252 bits, in signs that need no quoting in a URL or a shell, and base64 for MongoDB. The
        first is a letter: NATS would read a number."""
        path = self.folder / name
        with self._alone():
            if not path.exists():
                Place(self.folder, os.geteuid()).put(name, f"s{secrets.token_hex(32)[1:]}")
            return path.read_text()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two who set up at the same time must not give away two secrets of one name. It ends with its process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def forget(self, names: Sequence[str]) -> None:
        """Those are made anew when they are asked for next."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)
