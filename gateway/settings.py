"""The gateway's settings, all from the environment."""

from dataclasses import dataclass, field

from gateway.limits import settings as limits
from gateway.limits.settings import Limits
from shared.environment import number, required, text

SERVICES = ("registry", "consultations", "events")


@dataclass(frozen=True)
class Settings:
    host: str
    port: int
    services: dict[str, str]
    nats_url: str
    jwks_url: str
    issuer: str
    longest: int = 10_000
    """Milliseconds that an operation may take, however long its client would wait."""
    limits: Limits = field(default_factory=Limits)
    proxies: int = 0
    """Reverse proxies of our own in front, whose X-Forwarded-For is believed."""


def from_environment() -> Settings:
    """REGISTRY_URL, CONSULTATIONS_URL and EVENTS_URL are the services' base URLs."""
    return Settings(
        host=text("HOST", "127.0.0.1"),
        port=number("PORT", 8080),
        services={name: required(f"{name.upper()}_URL").rstrip("/") for name in SERVICES},
        nats_url=required("NATS_URL"),
        jwks_url=required("JWKS_URL"),
        issuer=required("TOKEN_ISSUER"),
        longest=number("OPERATION_TIMEOUT_MS", 10_000),
        limits=limits.from_environment(),
        proxies=number("TRUSTED_PROXIES", 0),
    )
