"""Which media type the answer has: Accept of RFC 9110, section 12.5.1, with the rules of GraphQL over HTTP."""

from dataclasses import dataclass
from functools import lru_cache

from gateway.http.refusals import not_acceptable

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
STREAM = "text/event-stream"
HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the client can read: one of the two JSON types or None, and whether an event stream and a page, too."""

    json: str | None
    stream: bool
    stream_first: bool
    html_first: bool

    @property
    def media(self) -> str:
        """For what has to be said before it is known what was asked."""
        return self.json or JSON

    def for_one_result(self) -> str:
        """Of a query or a mutation. Raises Refused (406)."""
        if self.json is None or self.stream_first:
            if self.stream:
                return STREAM
            raise not_acceptable()
        return self.json


@lru_cache(maxsize=256)
def accepted(header: str | None) -> Accepted:
    """What an Accept header says; without one, and for */*, it is application/json."""
    ranges = _ranges(header or "*/*")
    # wildcards get what every client can read; a client that names the newer type gets the newer one
    json, newer = _quality(ranges, JSON), _quality(ranges, RESPONSE)
    best = RESPONSE if newer > json else JSON
    stream, html = _quality(ranges, STREAM, exactly=True), _quality(ranges, HTML, exactly=True)
    first = max(json, newer)
    return Accepted(best if first > (0, 0) else None, stream > (0, 0), stream > first, html > first)


def _ranges(header: str) -> dict[str, float]:
    ranges: dict[str, float] = {}
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weights = [value for key, _, value in (p.partition("=") for p in parameters) if key.strip() == "q"]
        if name:
            ranges[name] = _weight(weights[0]) if weights else 1.0
    return ranges


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _quality(ranges: dict[str, float], media: str, *, exactly: bool = False) -> tuple[float, int]:
    """By the most specific range that fits, and how specific that is; (0, 0) where it is not wanted.

    Among the JSON types of equal weight, both named, the one of this protocol is taken.
    """
    main = media.partition("/")[0]
    for rank, name in ((2, media), (1, f"{main}/*"), (0, "*/*")):
        if name in ranges and not (exactly and rank < 2):
            weight = ranges[name]
            return (weight, 2 * rank + (rank == 2 and media == RESPONSE)) if weight > 0 else (0, 0)
    return (0, 0)
