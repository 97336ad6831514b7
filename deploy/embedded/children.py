"""Child processes of the embedded run: started, waited for, started again when they die, stopped in order."""

import asyncio
import contextlib
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import aiohttp

from deploy.embedded.nats import die_with_parent

READY_PATIENCE = 30.0
STOP_PATIENCE = 10.0
RESTARTS = 5
LOG_MAX = 10_000_000
"""Bytes of a log above which the next start begins a new one, keeping one old."""
WINDOW = 60.0
"""A child may die so many times in so many seconds; more often, and the whole run ends."""


class ChildFailed(Exception):
    """A child did not come up, or dies again and again. The text is one line for the person at the terminal."""


class Child:
    """A Python module as a process with its log file; `ready` is the URL that answers 200 once it is up."""

    def __init__(self, name: str, module: str, environment: dict[str, str], log: Path, ready: str) -> None:
        self.name = name
        self.module = module
        self.environment = environment
        self.log = log
        self.ready = ready
        self._process: asyncio.subprocess.Process | None = None
        self._deaths: deque[float] = deque(maxlen=RESTARTS)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Returns when it is ready. Raises ChildFailed."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_MAX:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self.module,
                env=self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # a Ctrl-C at the terminal is for the runner, which stops its children in order
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        try:
            async with asyncio.timeout(READY_PATIENCE):
                await self._answers()
        except TimeoutError:
            raise ChildFailed(f"{self.name} is not ready after {READY_PATIENCE:.0f} s; see {self.log}") from None

    async def _answers(self) -> None:
        assert self._process is not None  # noqa: S101 - start has made it
        async with aiohttp.ClientSession() as session:
            while True:
                if self._process.returncode is not None:
                    raise ChildFailed(f"{self.name} did not start: {self._last_words()} (see {self.log})")
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    async with session.get(self.ready) as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.03)

    async def keep(self, say: Callable[[str], None]) -> None:
        """For as long as it takes: wait until it dies, say so in one line, start it again. Raises ChildFailed.

        One that dies while it is being started again is one more death; only the very first start must succeed.
        """
        while True:
            assert self._process is not None  # noqa: S101
            how = death(await self._process.wait())
            self._count_death(how)
            say(f"{self.name} {how}; starting it again")
            try:
                await self.start()
            except ChildFailed as failed:
                say(str(failed))
                await self.stop()

    def _count_death(self, how: str) -> None:
        moment = time.monotonic()
        if len(self._deaths) == RESTARTS and moment - self._deaths[0] < WINDOW:
            raise ChildFailed(f"{self.name} {how} {RESTARTS + 1} times within a minute; see {self.log}")
        self._deaths.append(moment)

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL if that is not heeded."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(STOP_PATIENCE):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def _last_words(self) -> str:
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1] if lines else "it said nothing"


def death(code: int) -> str:
    """How a process ended, in words, from what `wait` gave."""
    if code >= 0:
        return f"ended with exit code {code}"
    return f"was ended by {signal.Signals(-code).name}"
