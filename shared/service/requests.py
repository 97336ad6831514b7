"""What middlewares and handlers say to each other about a request."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from shared.contracts.people import Viewer

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

VIEWER: web.RequestKey[Viewer | None] = web.RequestKey("viewer", object)  # type: ignore[arg-type]
"""Who asks; None for a visitor. There for every handler."""
