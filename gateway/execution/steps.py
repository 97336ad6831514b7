"""Fields that are begun object by object: what holds relations further down, and what the plan does not know."""

from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType, GraphQLOutputType

from gateway.execution.leaves import Convert
from gateway.execution.selection import Details, Path

if TYPE_CHECKING:
    from gateway.execution.run import Run
    from gateway.execution.shapes import Complete


class Nested:
    """A field that is read off its object, but holds something to be loaded."""

    def __init__(
        self,
        parent: GraphQLObjectType,
        key: str,
        details: Details,
        type_: GraphQLOutputType,
        attribute: str | None,
        function: Convert | None,
        complete: "Complete",
    ) -> None:
        self.key = key
        self._parent = parent.name
        self._details = details
        self._type = type_
        self._attribute = attribute
        self._function = function
        self._complete = complete

    def begin(self, run: "Run", thing: Any, made: dict[str, Any], path: Path) -> None:
        here = (path, self.key, self._parent)
        try:
            value = getattr(thing, self._attribute) if self._attribute else self._function(thing)  # type: ignore[misc]
            made[self.key] = self._complete(run, value, here)
        except Exception as error:  # told by its kind, as every resolver's error is
            run.failed(error, self._type, self._details, here)


class Stock:
    """A field that graphql-core executes, with all below it. Nullable: nothing of it reaches its parent."""

    def __init__(self, parent: GraphQLObjectType, key: str, details: Details) -> None:
        self.key = key
        self._parent = parent
        self._details = details

    def begin(self, run: "Run", thing: Any, made: dict[str, Any], path: Path) -> None:
        run.stock(self._parent, thing, self.key, self._details, made, path)
