"""The gateway's settings, all from the environment."""

from dataclasses import dataclass, field
from pathlib import Path

from gateway.limits import settings as limits
from gateway.limits.settings import Limits
from shared.environment import number, port, required, switch, text

SERVICES = ("registry", "consultations", "events")
WORKER = "GATEWAY_WORKER"
SHARED = "GATEWAY_SHARED"
"""Set by who starts several, not by an operator."""


@dataclass(frozen=True)
class Cache:
    """What is kept in memory, in bytes; 0 switches a level off."""

    entities: int = 16 << 20
    """Records and lists as every visitor sees them."""
    answers: int = 8 << 20
    """Whole answers."""
    stale: int = 600
    """Seconds that something may be old and still be shown, marked, while its service is away; 0: never."""
    patience: int = 1_000
    """Milliseconds for which the service is waited for before that is done."""


@dataclass(frozen=True)
class Http:
    """How GraphQL is served; the README's table says what each is for."""

    body_max: int = 1024 * 1024
    batch_max: int = 5
    request_seconds: int = 30
    """That a request may take to arrive whole: its headers, and then its body."""
    allowed_origins: tuple[str, ...] = ()
    allow_credentials: bool = False
    introspection: bool = True
    graphiql: bool = True
    automatic_persisted: bool = True
    allow_list: str | None = None
    operation_log: bool = True


@dataclass(frozen=True)
class Settings:
    host: str
    port: int
    services: dict[str, str]
    nats_url: str
    jwks_url: str
    issuer: str
    nats_replicas: int = 1
    """Of a stream that is not there yet: whoever comes first makes it."""
    longest: int = 10_000
    """Milliseconds that an operation may take, however long its client would wait."""
    limits: Limits = field(default_factory=Limits)
    proxies: int = 0
    """Reverse proxies of our own in front, whose X-Forwarded-For is believed."""
    http: Http = field(default_factory=Http)
    cache: Cache = field(default_factory=Cache)
    workers: int = 1
    """Processes on one port (gateway/workers.py)."""
    worker_hang: int = 10
    """Seconds after which one that does not answer is replaced."""
    worker: int = 0
    """Which of them this one is."""
    metrics_port: int | None = None
    """Where /metrics, /live and /ready are; None: beside /graphql."""
    drain_seconds: int = 0
    """How long a process that was told to stop goes on answering new requests."""
    shared: Path | None = None
    """The folder that they share; None for one that is alone, and for who starts them."""


def from_environment() -> Settings:
    """REGISTRY_URL, CONSULTATIONS_URL and EVENTS_URL are the services' base URLs."""
    return Settings(
        host=text("HOST", "127.0.0.1"),
        port=port("PORT", 8080),
        services={name: required(f"{name.upper()}_URL").rstrip("/") for name in SERVICES},
        nats_url=required("NATS_URL"),
        nats_replicas=number("NATS_REPLICAS", 1),
        jwks_url=required("JWKS_URL"),
        issuer=required("TOKEN_ISSUER"),
        longest=number("OPERATION_TIMEOUT_MS", 10_000),
        limits=limits.from_environment(),
        proxies=number("TRUSTED_PROXIES", 0),
        http=_http(),
        cache=Cache(
            entities=number("CACHE_ENTITIES_MIB", Cache.entities >> 20) << 20,
            answers=number("CACHE_ANSWERS_MIB", Cache.answers >> 20) << 20,
            stale=number("CACHE_STALE_SECONDS", Cache.stale),
            patience=number("CACHE_STALE_AFTER_MS", Cache.patience),
        ),
        workers=number("GATEWAY_WORKERS", 1),
        worker_hang=number("GATEWAY_WORKER_HANG_SECONDS", 10),
        worker=number(WORKER, 0),
        metrics_port=port("METRICS_PORT", 0) or None,
        drain_seconds=number("DRAIN_SECONDS", 0),
        shared=Path(folder) if (folder := text(SHARED, "")) else None,
    )


def _http() -> Http:
    usual = Http()
    origins = tuple(origin.strip() for origin in text("ALLOWED_ORIGINS", "").split(",") if origin.strip())
    return Http(
        body_max=number("BODY_MAX", usual.body_max),
        batch_max=number("BATCH_MAX", usual.batch_max),
        request_seconds=number("REQUEST_SECONDS", usual.request_seconds),
        allowed_origins=origins,
        allow_credentials=switch("ALLOW_CREDENTIALS", default=usual.allow_credentials),
        introspection=switch("INTROSPECTION", default=usual.introspection),
        graphiql=switch("GRAPHIQL", default=usual.graphiql),
        automatic_persisted=switch("AUTOMATIC_PERSISTED", default=usual.automatic_persisted),
        allow_list=text("OPERATIONS_ALLOWED", "") or None,
        operation_log=switch("OPERATION_LOG", default=usual.operation_log),
    )
