"""One run of a plan: level by level, each relation for all its parents, until nothing is to be waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

from graphql import ExecutionResult, GraphQLError, GraphQLObjectType, GraphQLOutputType
from graphql.execution import Executor
from graphql.execution.values import VariableValues
from graphql.pyutils import Path as StockPath
from strawberry.execution import optimized_is_awaitable

from gateway.context import Context
from gateway.execution.following import Following, eager
from gateway.execution.listing import Listing
from gateway.execution.selection import Details, Parent, Path, Selection
from shared.contracts.reading import FindRequest

type Waiting = tuple[asyncio.Future[Any], Any]


class Run:
    """`ready`: parts of the answer may be JSON already (msgspec.Raw), for an answer that is written by msgspec."""

    def __init__(
        self,
        executor: Callable[[], Executor[Any]],
        context: Context,
        variables: VariableValues,
        ready: bool,
    ) -> None:
        self.context = context
        self.variables = variables
        self.ready = ready
        # what somebody sees by a token is not held longer than for the operation
        self.keeps = ready and context.caller.authorization is None
        self.requests: dict[Following, FindRequest[Any]] = {}
        self._make_executor = executor
        self._executor: Executor[Any] | None = None
        self._level: dict[Selection, list[Parent]] = {}
        self._waiting: list[tuple[Following | Listing | None, list[Waiting]]] = []

    def begin(self, root: Selection, root_value: Any) -> ExecutionResult | Awaitable[ExecutionResult]:
        """The answer, at once where memory has everything."""
        try:
            data = root.build(self, root_value, None)
        except GraphQLError as error:
            self.executor.collected_errors.add(error, None)
            return self._result(None)
        self._advance()
        return self._finished(data) if self._waiting else self._result(data)

    @property
    def executor(self) -> Executor[Any]:
        """graphql-core's, for what no plan is made for; it collects all errors."""
        if self._executor is None:
            self._executor = self._make_executor()
        return self._executor

    @property
    def errors(self) -> int:
        return len(self._executor.collected_errors.errors) if self._executor else 0

    def follow(self, selection: Selection, parent: Parent) -> None:
        """Load for this parent, too, what the selection's relations lead to."""
        if (parents := self._level.get(selection)) is None:
            self._level[selection] = [parent]
        else:
            parents.append(parent)

    def wait(self, relation: Following | Listing, waiting: list[Waiting]) -> None:
        self._waiting.append((relation, waiting))

    def failed(self, error: Exception, type_: GraphQLOutputType, details: Details, path: Path) -> None:
        """Collects the error; raises it where the field, or the item, may not be null."""
        self.executor.handle_field_error(error, type_, details, cast("StockPath", _stock(path)))

    def by_stock(self, type_: GraphQLObjectType, thing: Any, key: str, details: Details, path: Path) -> Any:
        """A field as graphql-core executes it: its value or an awaitable of it."""
        return self.executor.execute_field(type_, thing, details, StockPath(_stock(path), key, type_.name), None)

    def stock(
        self,
        type_: GraphQLObjectType,
        thing: Any,
        key: str,
        details: Details,
        made: dict[str, Any],
        path: Path,
    ) -> None:
        """The same, filled in as soon as it is there."""
        result = self.by_stock(type_, thing, key, details, path)
        if optimized_is_awaitable(result):
            made[key] = None
            task = eager(result)
            self._waiting.append((None, [(task, (made, key))]))
        else:
            made[key] = result

    def _advance(self) -> None:
        while self._level:
            level, self._level = self._level, {}
            for selection, parents in level.items():
                for relation in selection.relations:
                    relation.follow(self, parents)

    async def _finished(self, data: dict[str, Any]) -> ExecutionResult:
        try:
            while self._waiting:
                # those of one relation mostly come together: it is enough to wait for one of them
                await asyncio.wait(
                    {
                        next((future for future, _ in some if not future.done()), some[0][0])
                        for _, some in self._waiting
                    },
                    return_when=asyncio.FIRST_COMPLETED,
                )
                self._take()
                self._advance()
        except BaseException:
            self._give_up()
            raise
        return self._result(data)

    def _take(self) -> None:
        """Fill in what has come, and wait on for the rest."""
        groups, self._waiting = self._waiting, []
        for relation, waiting in groups:
            rest = []
            for future, parent in waiting:
                if not future.done():
                    rest.append((future, parent))
                elif relation is None:
                    made, key = parent
                    made[key] = future.result()
                else:
                    relation.arrived(self, future, parent)
            if rest:
                self._waiting.append((relation, rest))

    def _give_up(self) -> None:
        """Futures of loaders may be shared with others: only what was begun here is stopped."""
        for _, waiting in self._waiting:
            for future, _ in waiting:
                if isinstance(future, asyncio.Task):
                    future.cancel()

    def _result(self, data: dict[str, Any] | None) -> ExecutionResult:
        errors = self._executor.collected_errors.errors if self._executor else None
        return ExecutionResult(data, errors or None)


def _stock(path: Path) -> StockPath | None:
    return None if path is None else StockPath(_stock(path[0]), path[1], path[2])
