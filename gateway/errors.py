"""What a client gets to see of an error: a clear message with a code, or the number of an incident. Nothing else."""

import logging
import secrets
from collections.abc import Iterator
from typing import Any

import msgspec
from graphql import ExecutionResult, GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionResult as StrawberryResult

from gateway.clients import ServiceRefusal, ServiceUnavailable
from shared.contracts.refusals import Language, RefusalItem, Refused, invalid

log = logging.getLogger(__name__)


class MaskErrors(SchemaExtension):
    """After an operation, every error that a resolver raised is put into words for the client."""

    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        if isinstance(result, ExecutionResult | StrawberryResult) and result.errors:
            context = self.execution_context.context
            result.errors = [masked(error, context.caller.language) for error in result.errors]


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
        case ServiceRefusal(errors=(item, *_)):
            return _told(error, item, service=cause.service)
        case ServiceUnavailable():
            return _told(error, _unavailable(cause.service).item(language), service=cause.service)
    incident, refused = fault()
    log.error("incident %s at %s", incident, error.path, exc_info=cause)
    return _told(error, refused.item(language))


def _told(error: GraphQLError, item: RefusalItem, **more: str) -> GraphQLError:
    extensions: dict[str, Any] = {"code": item.code, **more}
    if item.field is not None:
        extensions["field"] = item.field
    if item.legal_basis is not None:
        extensions["legalBasis"] = item.legal_basis
    return GraphQLError(item.message, nodes=error.nodes, path=error.path, extensions=extensions)


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
