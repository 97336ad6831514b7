"""Persisted operations: automatic ones, known by their SHA-256 once a client has sent them; and the allow-list."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError

from gateway.http.parameters import Parameters, no_query
from gateway.http.refusals import bad_request
from gateway.operations import InvalidOperation, not_allowed

KEPT = 1_000
KEPT_BYTES = 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")


class Persisted:
    """From the parameters to the operation's text.

    `allowed` is the allow-list, texts by their hash; that nothing else is executed is for `Operations` to see.
    `automatic` lets clients persist what they send (https://www.apollographql.com/docs/apollo-server/performance/apq).
    """

    def __init__(
        self,
        allowed: Mapping[str, str] | None = None,
        *,
        automatic: bool = True,
        kept: int = KEPT,
        kept_bytes: int = KEPT_BYTES,
    ) -> None:
        self._allowed = allowed
        self._automatic = automatic and allowed is None
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._kept_max = kept
        self._bytes = 0
        self._bytes_max = kept_bytes

    def text(self, parameters: Parameters) -> str:
        """Raises Refused, or InvalidOperation where clients of automatic persisted operations expect it."""
        hash_ = _hash(parameters)
        if hash_ is None:
            if not parameters.query:
                raise no_query()
            return parameters.query
        if self._allowed is not None:
            # the list's own names need not be hashes
            if hash_ not in self._allowed:
                raise not_allowed()
            return self._allowed[hash_]
        if not self._automatic:
            raise _told("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
        if parameters.query:
            if hashlib.sha256(parameters.query.encode()).hexdigest() != hash_:
                raise bad_request(
                    "PERSISTED_QUERY_HASH_MISMATCH",
                    "Podany skrót SHA-256 nie jest skrótem podanej operacji.",
                    "The SHA-256 hash is not that of the operation.",
                    "extensions.persistedQuery.sha256Hash",
                )
            return parameters.query
        if (text := self._kept.get(hash_)) is None:
            raise _told("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
        self._kept.move_to_end(hash_)
        return text

    def keep(self, parameters: Parameters) -> None:
        """For an operation that has proven valid: from now on its hash will do."""
        if not self._automatic or not parameters.query or (hash_ := _hash(parameters)) is None or hash_ in self._kept:
            return
        self._kept[hash_] = parameters.query
        self._bytes += len(parameters.query)
        while len(self._kept) > self._kept_max or self._bytes > self._bytes_max:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest)


def _hash(parameters: Parameters) -> str | None:
    """What names the operation: `documentId`, or Apollo's extension. Raises Refused for one that is malformed."""
    if parameters.document_id is not None:
        return parameters.document_id.removeprefix("sha256:")
    given: Any = (parameters.extensions or {}).get("persistedQuery")
    if given is None:
        return None
    if not isinstance(given, dict) or given.get("version") != 1:
        raise bad_request(
            "BAD_REQUEST",
            "persistedQuery musi być obiektem o wersji 1.",
            "persistedQuery must be an object of version 1.",
            "extensions.persistedQuery",
        )
    hash_ = given.get("sha256Hash")
    if not isinstance(hash_, str) or not _HASH.fullmatch(hash_):
        raise bad_request(
            "BAD_REQUEST",
            "sha256Hash musi mieć 64 cyfry szesnastkowe, małymi literami.",
            "sha256Hash must have 64 hexadecimal digits, in lower case.",
            "extensions.persistedQuery.sha256Hash",
        )
    return hash_


def _told(message: str, code: str) -> InvalidOperation:
    return InvalidOperation(GraphQLError(message, extensions={"code": code}))
