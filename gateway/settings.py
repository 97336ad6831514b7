"""The gateway's settings, all from the environment."""

from dataclasses import dataclass

from shared.environment import number, required, text

SERVICES = ("registry", "consultations", "events")

ENTITIES = 16 << 20
"""Bytes of decoded records and lists that are kept. 0 switches this level off."""
ANSWERS = 8 << 20
"""Bytes of whole answers that are kept. 0 switches this level off."""
STALE = 600
"""Seconds that something may be old and still be shown, marked, while its service is away. 0: never."""


@dataclass(frozen=True)
class Settings:
    host: str
    port: int
    services: dict[str, str]
    nats_url: str
    jwks_url: str
    issuer: str
    cache_entities: int = ENTITIES
    cache_answers: int = ANSWERS
    cache_stale: int = STALE


def from_environment() -> Settings:
    """REGISTRY_URL, CONSULTATIONS_URL and EVENTS_URL are the services' base URLs."""
    return Settings(
        host=text("HOST", "127.0.0.1"),
        port=number("PORT", 8080),
        services={name: required(f"{name.upper()}_URL").rstrip("/") for name in SERVICES},
        nats_url=required("NATS_URL"),
        jwks_url=required("JWKS_URL"),
        issuer=required("TOKEN_ISSUER"),
        cache_entities=number("CACHE_ENTITIES_MIB", ENTITIES >> 20) << 20,
        cache_answers=number("CACHE_ANSWERS_MIB", ANSWERS >> 20) << 20,
        cache_stale=number("CACHE_STALE_SECONDS", STALE),
    )
