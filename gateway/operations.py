"""Operations: parsed, validated and kept by their text, so that one that is known costs neither again."""

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import strawberry
from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)
from graphql import NoSchemaIntrospectionCustomRule as NoIntrospection
from strawberry.extensions import AddValidationRules
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types import ExecutionContext

from gateway.limits.refusal import beyond
from gateway.limits.settings import Limits
from gateway.limits.shape import shape_errors
from shared.contracts.refusals import Refused

KEPT = 1_000
KEPT_BYTES = 512 * 1024
"""Of text: a parsed operation takes some forty times its text."""
KEPT_TEXT_MAX = 64 * 1024
"""Longer ones are not kept: one of them would push out all that is asked every day."""

MOST_ERRORS = 5
"""Then the validation stops: whoever wrote the operation has enough to mend, and each costs work and memory."""
MESSAGE_MAX = 300
"""Characters of what is told: graphql-core prints the literal it speaks of, however long."""
CHARACTERS_PER_POINT = 20
"""Of a text that is not known: parsing and validating it costs its client a point for so many."""
MOST_POINTS = 2_000
"""What is longer has long strings or comments in it, for TOKENS_MAX bounds all else; those take little time."""

_SUGGESTION = re.compile(r" Did you mean .*\?$", re.DOTALL)
"""Guessing at names until they are suggested is introspection by other means."""
_PLACE = "jasne_operation"
SEVERAL = GraphQLError("The document has several operations: name one as `operationName`.")


class InvalidOperation(Exception):
    """The text is no operation of this schema, or does not have the one that was named."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@dataclass(eq=False, slots=True)
class Operation:
    """One operation of a document that is valid: what later steps need to know of it before it runs."""

    text: str
    document: DocumentNode
    definition: OperationDefinitionNode
    name: str | None
    type: OperationType
    notes: dict[Any, Any] = field(default_factory=dict)
    """What a later step found out about it once and keeps with it, under a key of its own: a plan, a cost."""


@dataclass(eq=False, slots=True)
class Parsed:
    """A text and what came of it: operations by their names, or errors."""

    text: str
    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    operations: dict[str | None, Operation] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """In characters that are kept."""
        return len(self.text) + sum(len(error.message) for error in self.errors)

    def operation(self, name: str | None) -> Operation:
        """The one of that name; without a name the only one. Raises InvalidOperation."""
        if self.errors:
            raise InvalidOperation(*self.errors)
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is None or name not in self.operations:
            raise InvalidOperation(_unknown(name, len(self.operations)))
        return self.operations[name]


class Operations:
    """Those that were asked lately, by their exact text; bounded by number and by the length of their texts."""

    def __init__(
        self,
        schema: strawberry.Schema,
        limits: Limits | None = None,
        *,
        introspection: bool = True,
        kept: int = KEPT,
        kept_bytes: int = KEPT_BYTES,
    ) -> None:
        self._schema = schema
        self._limits = limits or Limits()
        self._introspection = introspection
        self._rules = _rules(schema) + (() if introspection else (NoIntrospection,))
        self._kept: OrderedDict[str, Parsed] = OrderedDict()
        self._kept_max = kept
        self._bytes = 0
        self._bytes_max = kept_bytes
        self._allowed: frozenset[str] | None = None

    def allow_only(self, texts: Iterable[str]) -> None:
        """From now on no other is executed, over whichever transport it comes."""
        self._allowed = frozenset(texts)

    def get(self, text: str, name: str | None = None) -> Operation:
        """Raises InvalidOperation, and Refused for one that is not on the allow-list."""
        return self.parsed(text).operation(name)

    def known(self, text: str, name: str | None) -> Operation | None:
        """One that was asked before, if it is kept."""
        parsed = self._kept.get(text)
        return None if parsed is None else parsed.operations.get(name)

    def price(self, text: str) -> int:
        """In points, to be paid before it is parsed; nothing for one that will not be."""
        if text in self._kept or (self._allowed is not None and text not in self._allowed):
            return 0
        return min(max(1, len(text) // CHARACTERS_PER_POINT), MOST_POINTS)

    def parsed(self, text: str) -> Parsed:
        """Raises Refused for one that is not on the allow-list."""
        if self._allowed is not None and text not in self._allowed:
            raise not_allowed()
        if (known := self._kept.get(text)) is not None:
            self._kept.move_to_end(text)
            return known
        parsed = self._parse(text)
        self._keep(parsed)
        return parsed

    def _keep(self, parsed: Parsed) -> None:
        if len(parsed.text) > KEPT_TEXT_MAX:
            return
        self._kept[parsed.text] = parsed
        self._bytes += parsed.size
        while len(self._kept) > self._kept_max or self._bytes > self._bytes_max:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.size

    def _parse(self, text: str) -> Parsed:
        try:
            document = parse(text, max_tokens=self._limits.tokens)
            if errors := shape_errors(document, self._limits):
                return Parsed(text, document, tuple(errors))
            errors = validate(self._schema._schema, document, self._rules, max_errors=MOST_ERRORS)  # noqa: SLF001
            for error in errors:
                if not self._introspection:
                    error.message = _SUGGESTION.sub("", error.message)
                if len(error.message) > MESSAGE_MAX:
                    error.message = error.message[: MESSAGE_MAX - 1] + "…"
        except GraphQLSyntaxError as error:
            # the parser has no other sign of having stopped at the limit
            over = "Parsing aborted" in error.message
            return Parsed(text, None, (_too_long(self._limits.tokens) if over else _without_frames(error),))
        except GraphQLError as error:
            return Parsed(text, None, (_without_frames(error),))
        except RecursionError:
            return Parsed(text, None, (GraphQLError("The operation is nested too deeply."),))
        except Exception as error:
            return Parsed(text, None, (GraphQLError(str(error), original_error=_without_frames(error)),))
        return Parsed(text, document, tuple(errors), {} if errors else _operations(text, document))


def not_allowed() -> Refused:
    return Refused(
        "OPERATION_NOT_ALLOWED",
        pl="Ta bramka wykonuje tylko operacje z listy dozwolonych; tej na niej nie ma.",
        en="This gateway executes only operations of its allow-list, and this one is not on it.",
        status=403,
    )


def _rules(schema: strawberry.Schema) -> tuple[type[ASTValidationRule], ...]:
    """What strawberry would validate by: its defaults, and what the schema's extensions add."""
    rules = ExecutionContext(query=None, schema=schema, allowed_operations=()).validation_rules
    for extension in schema.get_extensions():
        if isinstance(extension, AddValidationRules):
            rules += tuple(extension.validation_rules)
    # two that graphql-core has not, and that strawberry adds when it validates itself
    return (*rules, MaybeNullValidationRule, OneOfInputValidationRule)


def _operations(text: str, document: DocumentNode) -> dict[str | None, Operation]:
    operations = (
        Operation(text, document, definition, definition.name.value if definition.name else None, definition.operation)
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    )
    found = {operation.name: operation for operation in operations}
    for operation in found.values():
        vars(operation.definition)[_PLACE] = operation
    return found


def operation_of(definition: OperationDefinitionNode) -> Operation | None:
    """For a resolver, which sees nothing but the definition."""
    operation: Operation | None = vars(definition).get(_PLACE)
    return operation


def _unknown(name: str | None, count: int) -> GraphQLError:
    if count == 0:
        return GraphQLError("The document has no operation, only fragments.")
    if name is None:
        return SEVERAL
    return GraphQLError(f"The document has no operation named {name[:100]!r}.")


def _without_frames[E: BaseException](error: E) -> E:
    """An error that is kept must not keep what was on the stack when it was raised."""
    error.__traceback__ = None
    return error


def _too_long(limit: int) -> GraphQLError:
    return beyond(
        "TOO_MANY_TOKENS",
        "TOKENS_MAX",
        limit,
        limit + 1,
        pl="Za długie zapytanie; słów i znaków jest co najmniej",
        en="Too long an operation; words and signs are at least",
    )
