"""Other sites: which may read answers (CORS), and that none can make a browser ask behind a person's back (CSRF)."""

from collections.abc import Sequence
from functools import lru_cache

from aiohttp import web
from strawberry.http.websocket_origin import normalize_allowed_origins, normalize_origin

from gateway.http.refusals import unsupported_media_type
from shared.contracts.refusals import Refused

PREFLIGHT_HEADERS = ("GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Apollo-Operation-Name")
"""A page can set none of them on a request to another site without that site's leave."""
_ALLOWED_HEADERS = "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, traceparent, " + ", ".join(
    PREFLIGHT_HEADERS
)
_EXPOSED_HEADERS = "ETag, Retry-After"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
ALLOW = ", ".join(METHODS)
_PREFLIGHT_AGE = "86400"


class Origins:
    """`allowed` as in settings: https://example.org, or * for every site."""

    def __init__(self, allowed: Sequence[str] = (), *, credentials: bool = False) -> None:
        self._allowed = normalize_allowed_origins(allowed)
        if credentials and "*" in self._allowed:
            raise ValueError("credentials cannot be allowed to every origin: name the origins")
        self._credentials = credentials

    def allows(self, origin: str) -> bool:
        return "*" in self._allowed or normalize_origin(origin) in self._allowed

    def headers(self, request: web.Request) -> dict[str, str]:
        """What an answer says to a browser; it goes with refusals and streams as well."""
        if not self._allowed:
            return {}
        origin = request.headers.get("Origin")
        vary = {"Vary": "Origin"}
        if origin is None or not self.allows(origin):
            return vary
        headers = vary | {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _EXPOSED_HEADERS}
        if self._credentials:
            headers["Access-Control-Allow-Credentials"] = "true"
        return headers

    def preflight(self, request: web.Request) -> web.Response:
        """The answer to OPTIONS; what a browser asked in it is decided by `headers`."""
        answer = web.Response(status=204, headers={"Allow": ALLOW})
        if "Access-Control-Allow-Origin" in self.headers(request):
            answer.headers["Access-Control-Allow-Methods"] = ALLOW
            answer.headers["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
            answer.headers["Access-Control-Max-Age"] = _PREFLIGHT_AGE
        return answer

    def check_forgery(self, request: web.Request) -> None:
        """A page of another site can make a browser send only "simple" requests. Raises Refused for one that may be.

        A body must be declared as JSON, which is not simple. A GET must show that no other site is behind it: by a
        header that a page cannot set, or by what the browser itself says of where it comes from.
        """
        headers = request.headers
        if request.method == "POST":
            if not is_json(headers.get("Content-Type")):
                raise unsupported_media_type()
            return
        if any(name in headers for name in PREFLIGHT_HEADERS) or is_json(headers.get("Content-Type")):
            return
        if headers.get("Sec-Fetch-Site") in ("same-origin", "none"):
            return
        if (origin := headers.get("Origin")) is not None and self.allows(origin):
            return
        raise _may_be_forged()


@lru_cache(maxsize=64)
def is_json(content_type: str | None) -> bool:
    """Exactly application/json, in UTF-8."""
    essence, *parameters = (part.strip().lower() for part in (content_type or "").split(";"))
    if essence != "application/json":
        return False
    charsets = [value.strip('" ') for name, _, value in (p.partition("=") for p in parameters) if name == "charset"]
    return all(charset in ("utf-8", "utf8") for charset in charsets)


def _may_be_forged() -> Refused:
    return Refused(
        "CSRF_PREVENTED",
        pl=f"Zapytanie metodą GET musi mieć nagłówek {PREFLIGHT_HEADERS[0]} z dowolną wartością.",
        en=f"A GET request must have the header {PREFLIGHT_HEADERS[0]}, with any value.",
        status=403,
    )
