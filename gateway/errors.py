"""What a client gets to see of an error: a clear message with a code, or the number of an incident. Nothing else."""

import logging
import secrets
from collections.abc import Iterator
from typing import Any

import msgspec
from graphql import FieldNode, GraphQLError
from strawberry.extensions import SchemaExtension

from gateway.transport import ServiceFault, ServiceRefusal, ServiceUnavailable
from shared.contracts.refusals import Language, RefusalItem, Refused, invalid

log = logging.getLogger(__name__)


class MaskErrors(SchemaExtension):
    """Every error that a resolver raised is put into words before it leaves, over HTTP and over WebSocket."""

    _streamed = False

    def on_operation(self) -> Iterator[None]:
        self._streamed = False
        yield
        # each result of a stream has left by now, masked
        if not self._streamed:
            self._mask(self.execution_context.result)

    def on_stream_result(self, result: Any) -> Iterator[None]:
        self._streamed = True
        self._mask(result)
        yield

    def _mask(self, result: Any) -> None:
        if errors := getattr(result, "errors", None):
            language = self.execution_context.context.caller.language
            result.errors = [masked(error, language) for error in errors]


def masked(error: GraphQLError, language: Language) -> GraphQLError:
    """Syntax and validation errors speak for themselves; what a resolver raised is told by its kind."""
    cause: Any = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    match cause:
        case None | GraphQLError():
            return error
        case Refused():
            return _told(error, cause.item(language))
        case msgspec.ValidationError():
            return _told(error, invalid(cause).item(language))
        case ServiceRefusal(errors=(item, *_)) | ServiceFault(errors=(item, *_)):
            return _told(error, item, service=cause.service)
        case ServiceUnavailable():
            item = _unavailable(cause.service).item(language)
            return _told(error, item, service=cause.service, reason=cause.reason.value)
    if error.path is None and isinstance(cause, ValueError | ArithmeticError):
        # no resolver ran: a literal or a variable could not be read as what it should be
        return _told(error, _unreadable().item(language))
    incident, refused = fault()
    # the field as the schema has it: in the path stand the names that the client gave
    field = error.nodes[0] if error.nodes else None
    log.error("incident %s at %s", incident, field.name.value if isinstance(field, FieldNode) else "-", exc_info=cause)
    return _told(error, refused.item(language))


def _told(error: GraphQLError, item: RefusalItem, **more: str) -> GraphQLError:
    extensions: dict[str, Any] = {"code": item.code, **more}
    if item.field is not None:
        extensions["field"] = item.field
    if item.legal_basis is not None:
        extensions["legalBasis"] = item.legal_basis
    return GraphQLError(item.message, nodes=error.nodes, path=error.path, extensions=extensions)


def _unreadable() -> Refused:
    return Refused(
        "INVALID_INPUT",
        pl="Jedna z podanych wartości jest poza zakresem albo nie da się jej odczytać.",
        en="One of the given values is out of range or cannot be read.",
    )


def _unavailable(service: str) -> Refused:
    return Refused(
        "SERVICE_UNAVAILABLE",
        pl=f"Usługa {service} nie odpowiada; spróbuj ponownie. Zapis powtórz z tym samym kluczem idempotencji.",
        en=f"The {service} service does not answer; try again. Repeat a write with the same idempotency key.",
    )


def fault() -> tuple[str, Refused]:
    """A new incident's number, and what the client is told of it."""
    incident = secrets.token_hex(8)
    return incident, Refused(
        "INTERNAL_ERROR",
        pl=f"Błąd po naszej stronie. Podaj przy zgłoszeniu numer {incident}.",
        en=f"A fault on our side. When you report it, name {incident}.",
    )


def goes_away() -> Refused:
    """For who would subscribe to a process that is about to end; another replica takes them."""
    return Refused(
        "GOING_AWAY",
        pl="Ten serwer właśnie się wyłącza; połącz się ponownie, odpowie inny.",
        en="This server is about to end; connect again, and another one answers.",
        status=503,
    )
