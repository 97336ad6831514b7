"""Where things are in the embedded run: ports and folders, from PORT and DATA_DIR."""

from dataclasses import dataclass
from pathlib import Path

from shared.environment import number, text

SERVICES = ("registry", "consultations", "events")


@dataclass(frozen=True)
class Layout:
    """The gateway takes `port`, the services the three after it, NATS the fourth."""

    port: int
    data: Path

    @property
    def ports(self) -> dict[str, int]:
        return {name: self.port + place for place, name in enumerate(("gateway", *SERVICES, "nats"))}

    @property
    def services(self) -> dict[str, str]:
        return {name: f"http://127.0.0.1:{self.ports[name]}" for name in SERVICES}

    @property
    def keys(self) -> Path:
        return self.data / "keys"


def from_environment() -> Layout:
    """Raises SystemExit with one clear line for a port that leaves no room for the four after it."""
    port = number("PORT", 8080)
    if not 1 <= port <= 65_531:
        raise SystemExit(f"PORT must be a number from 1 to 65531, not {port}")
    return Layout(port, Path(text("DATA_DIR", ".data")))
