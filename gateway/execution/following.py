"""Relations, followed for all parents of a level at once: one load, and no task where memory has the answer."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from enum import Enum
from functools import partial
from types import CoroutineType, EllipsisType
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, GraphQLObjectType, get_named_type

from gateway.execution.arguments import Arguments
from gateway.execution.asked import asks
from gateway.execution.memory import Memory, known, remember
from gateway.execution.relation import Every, Many, Named, One, Relation, Several
from gateway.execution.selection import Details, Parent, Path, Selection
from gateway.execution.shapes import Complete, Unplannable, nested
from shared.contracts.reading import FindRequest

MOST_REQUESTS = 32
"""Of a connection's arguments, made of variables that came before."""

if TYPE_CHECKING:
    from gateway.execution.planner import Planner
    from gateway.execution.run import Run

type Begin = Callable[[Any], Any]
"""From a parent to what the relation leads to, or a future of it."""


class Following:
    """One relation in one place of an operation. It is nullable: no error in it reaches the parent."""

    def __init__(
        self,
        planner: "Planner",
        parent: GraphQLObjectType,
        key: str,
        details: Details,
        definition: GraphQLField,
        relation: Relation,
    ) -> None:
        self.key = key
        self._planner = planner
        self._parent = parent
        self._details = details
        self._definition = definition
        self._relation = relation
        field = definition.extensions["strawberry-definition"]
        self._arguments = Arguments(planner.schema, definition, field, details[0].node)
        self._requests: dict[tuple[Any, ...], FindRequest[Any]] = {}
        self._asked_for: dict[str, bool] = {}
        self._complete: Complete | None = None

    def follow(self, run: "Run", parents: list[Parent]) -> None:
        try:
            begin = self._beginning(run)
        except Exception as error:  # of the arguments; told by its kind, as a resolver's is
            for parent in parents:
                self._failed(run, parent, error)
            return
        waiting = []
        for parent in parents:
            try:
                found = begin(parent[0])
                if found is None:
                    continue
                if not isinstance(found, asyncio.Future):
                    self._here(run, parent, found)
                elif found.done():
                    self._here(run, parent, found.result())
                else:
                    waiting.append((found, parent))
            except Exception as error:  # the same
                self._failed(run, parent, error)
        if waiting:
            run.wait(self, waiting)

    def arrived(self, run: "Run", found: "asyncio.Future[Any]", parent: Parent) -> None:
        try:
            self._here(run, parent, found.result())
        except Exception as error:  # the same
            self._failed(run, parent, error)

    def _here(self, run: "Run", parent: Parent, value: Any) -> None:
        thing, made, path = parent
        try:
            complete = self._complete or self._completion()
            made[self.key] = complete(run, value, (path, self.key, self._parent.name))
        except Unplannable:
            # loaded already: the stock resolver finds it where it is kept
            run.stock(self._parent, thing, self.key, self._details, made, path)

    def _failed(self, run: "Run", parent: Parent, error: Exception) -> None:
        run.failed(error, self._definition.type, self._details, (parent[2], self.key, self._parent.name))

    def _completion(self) -> Complete:
        if isinstance(self._relation, Many | Every):
            self._complete = self._connection()
        elif isinstance(type_ := self._definition.type, GraphQLObjectType) or isinstance(self._relation, Several):
            label = f"{self._parent.name}.{self._details[0].node.name.value}"
            self._complete = nested(self._planner, type_, self._details, label)
        else:
            self._complete = self._any_kind
        return self._complete

    def _any_kind(self, run: "Run", value: Any, path: Path) -> Any:
        if value is None:
            return None
        return self._planner.of_kind(self._definition.type, type(value), self._details).build(run, value, path)

    def _connection(self) -> Complete:
        type_: Any = get_named_type(self._definition.type)
        selection: Selection = self._planner.selection(type_, self._details)
        relation: Any = self._relation
        shown: Callable[[Any, Any], Any] = relation.shown
        memories: tuple[Memory, Memory] = ({}, {})

        def shown_page(run: "Run", page: Any, path: Path) -> Any:
            return selection.build(run, shown(page, run.requests[self]), path)

        def page_of_plain(run: "Run", page: Any, path: Path) -> Any:
            if not run.ready:
                return shown_page(run, page, path)
            # what is shown of one page differs by whether it is the first
            memory = memories[run.requests[self].after is None]
            if (made := known(memory, page)) is not None:
                return made
            errors = run.errors
            made = shown_page(run, page, path)
            return remember(memory, page, made) if run.keeps and run.errors == errors else made

        return page_of_plain if selection.is_plain else shown_page

    def _beginning(self, run: "Run") -> Begin:
        relation = self._relation
        loaders = run.context.loaders
        match relation:
            case One(kind, field):
                get = loaders.by_id(kind).get
                return lambda thing: None if (id_ := getattr(thing, field)) is None else get(id_)
            case Several(kind, field):
                return partial(_several, loaders.by_id(kind).get, field)
            case Named(kind_of):
                id_ = self._arguments.values(run.variables)["id"]
                return lambda _: loaders.by_id(kind_of(id_)).get(id_)
            case Many(kind, by, _, _):
                related = loaders.related(kind, by, self._request(run)).get
                return lambda thing: related(thing.id)
            case Every(kind, _, _):
                request = self._request(run)
                return lambda _: begun(loaders.find(kind, request))

    def _request(self, run: "Run") -> FindRequest[Any]:
        """What the arguments ask for: the same for all parents, and for each run with the same variables."""
        variables = run.variables.coerced
        given = tuple(variables.get(name, ...) for name in self._arguments.variables)
        # what a person wrote is not kept, and would hardly come again
        if not all(isinstance(value, int | Enum | None | EllipsisType) for value in given):
            request = self._asked(run)
        elif (before := self._requests.get(given)) is not None:
            request = before
        else:
            if len(self._requests) >= MOST_REQUESTS:
                self._requests.clear()
            request = self._requests[given] = self._asked(run)
        run.requests[self] = request
        return request

    def _asked(self, run: "Run") -> FindRequest[Any]:
        relation: Any = self._relation
        request: FindRequest[Any] = relation.request(self._asks, **self._arguments.values(run.variables))
        return request

    def _asks(self, name: str) -> bool:
        if (found := self._asked_for.get(name)) is not None:
            return found
        fragments = {name: fragment.definition for name, fragment in self._planner.fragments.items()}
        self._asked_for[name] = asks([each.node for each in self._details], fragments, name)
        return self._asked_for[name]


def _several(get: Callable[[str], Any], field: str, thing: Any) -> Any:
    found = [get(id_) for id_ in getattr(thing, field)]
    if any(isinstance(one, asyncio.Future) for one in found):
        return asyncio.ensure_future(_all(found))
    return _seen(found)


async def _all(found: list[Any]) -> list[Any]:
    """Waits for all; of several errors the first one counts."""
    await asyncio.gather(*(one for one in found if isinstance(one, asyncio.Future)))
    return _seen([one.result() if isinstance(one, asyncio.Future) else one for one in found])


def _seen(entities: list[Any]) -> list[Any]:
    return [entity for entity in entities if entity is not None]


def begun(found: Any) -> Any:
    """The value, or a future of it that is under way."""
    if isinstance(found, CoroutineType):
        return eager(found)
    return asyncio.ensure_future(found) if isinstance(found, Awaitable) else found


def eager[T](work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """A task that has done already what it can do without waiting: all of it, where memory has the answer."""
    return asyncio.Task(work, loop=asyncio.get_running_loop(), eager_start=True)
