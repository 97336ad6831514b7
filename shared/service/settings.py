"""A service's settings, all from the environment."""

from dataclasses import dataclass

from shared.environment import number, port, required, text


@dataclass(frozen=True)
class Settings:
    host: str
    port: int
    store_url: str
    nats_url: str
    nats_replicas: int
    jwks_url: str
    issuer: str
    metrics_port: int | None = None
    """Where /metrics, /live and /ready are; None: beside everything else."""
    drain_seconds: int = 0
    """How long a process that was told to stop goes on answering new requests."""


def from_environment() -> Settings:
    """Raises SystemExit with one clear line when a required setting is missing or not a number."""
    return Settings(
        host=text("HOST", "127.0.0.1"),
        port=port("PORT"),
        store_url=required("STORE_URL"),
        nats_url=required("NATS_URL"),
        nats_replicas=number("NATS_REPLICAS", 1),
        jwks_url=required("JWKS_URL"),
        issuer=required("TOKEN_ISSUER"),
        metrics_port=port("METRICS_PORT", 0) or None,
        drain_seconds=number("DRAIN_SECONDS", 0),
    )
