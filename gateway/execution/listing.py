"""A list of entities that are named by their ids: all asked for at once, each completed in its own place."""

import asyncio
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, GraphQLObjectType, get_named_type

from gateway.execution.arguments import Arguments
from gateway.execution.relation import Listed
from gateway.execution.selection import Details, Parent, Path
from gateway.execution.shapes import Unplannable

if TYPE_CHECKING:
    from gateway.execution.planner import Planner
    from gateway.execution.run import Run

type Place = tuple[list[Any], int, Path, Parent]
"""The list that is being made, where in it the entity goes, and the object that has the list."""


class Listing:
    """One such field in one place of an operation. It is nullable, and so is each of its items."""

    def __init__(
        self,
        planner: "Planner",
        parent: GraphQLObjectType,
        key: str,
        details: Details,
        definition: GraphQLField,
        relation: Listed,
    ) -> None:
        self.key = key
        self._planner = planner
        self._parent = parent
        self._details = details
        self._definition = definition
        self._item: Any = get_named_type(definition.type)
        self._kind_of = relation.kind_of
        field = definition.extensions["strawberry-definition"]
        self._arguments = Arguments(planner.schema, definition, field, details[0].node)

    def begin(self, run: "Run", thing: Any, made: dict[str, Any], path: Path) -> None:
        here = (path, self.key, self._parent.name)
        try:
            ids = self._arguments.values(run.variables)["ids"]
        except Exception as error:  # of the arguments; told by its kind, as a resolver's is
            run.failed(error, self._definition.type, self._details, here)
            return
        items: list[Any] = [None] * len(ids)
        made[self.key] = items
        waiting = []
        for index, id_ in enumerate(ids):
            place = (items, index, (here, index, None), (thing, made, path))
            try:
                found = run.context.loaders.by_id(self._kind_of(id_)).get(id_)
                if isinstance(found, asyncio.Future):
                    waiting.append((found, place))
                else:
                    self._here(run, place, found)
            except Exception as error:  # the same
                run.failed(error, self._item, self._details, place[2])
        if waiting:
            run.wait(self, waiting)

    def arrived(self, run: "Run", found: "asyncio.Future[Any]", place: Place) -> None:
        try:
            self._here(run, place, found.result())
        except Exception as error:  # the same
            run.failed(error, self._item, self._details, place[2])

    def _here(self, run: "Run", place: Place, value: Any) -> None:
        items, index, path, (thing, made, above) = place
        if value is None or made[self.key] is not items:
            return
        try:
            selection = self._planner.of_kind(self._item, type(value), self._details)
        except Unplannable:
            # loaded already: the stock resolver finds all of them where they are kept
            run.stock(self._parent, thing, self.key, self._details, made, above)
        else:
            items[index] = selection.build(run, value, path)
