"""A request to a service as a span, and the name under which it may be told."""

from aiohttp import web

from shared import tracing
from shared.service.requests import Handler
from shared.tracing import Kind

_OURS = "/v1/"


def route(request: web.Request) -> str:
    """The path as it is declared, without what a caller put in its place."""
    resource = request.match_info.route.resource
    return "unknown" if resource is None else resource.canonical


@web.middleware
async def trace(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The trace of who calls goes on here. Probes and scrapes have none."""
    if not request.path.startswith(_OURS):
        return await handler(request)
    told = route(request)
    method = request.method if request.method in ("GET", "POST") else "_OTHER"
    attributes = {"http.request.method": method, "http.route": told}
    with tracing.entry(f"{method} {told}", Kind.SERVER, request.headers.get("traceparent"), attributes) as span:
        response = await handler(request)
        span.set("http.response.status_code", response.status)
        if response.status >= 500:
            span.fail(str(response.status))
        return response
