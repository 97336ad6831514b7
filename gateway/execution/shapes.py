"""How values become parts of the answer, by their GraphQL type."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLOutputType, is_leaf_type
from graphql.pyutils import is_iterable

from gateway.execution.leaves import Convert, leaf
from gateway.execution.selection import Details, Path, Surprise

if TYPE_CHECKING:
    from gateway.execution.planner import Planner
    from gateway.execution.run import Run

type Complete = Callable[["Run", Any, Path], Any]


class Unplannable(Exception):
    """The plan does not know how to do this; the stock executor does it."""


class NotPlain(Exception):
    """Something of the value has to be loaded."""


def plain(planner: "Planner", type_: GraphQLOutputType, details: Details, of_contract: bool) -> Convert | None:
    """What turns a value into its part of the answer at once; None where it is that part already."""
    if isinstance(type_, GraphQLNonNull):
        convert = _plain_value(planner, type_.of_type, details, of_contract)
        return convert if of_contract else _not_null(convert)
    convert = _plain_value(planner, type_, details, of_contract)
    return None if convert is None else lambda value: None if value is None else convert(value)


def _plain_value(planner: "Planner", type_: Any, details: Details, of_contract: bool) -> Convert | None:
    if is_leaf_type(type_):
        return leaf(type_, of_contract)
    if isinstance(type_, GraphQLList):
        each = plain(planner, type_.of_type, details, of_contract)
        return list if each is None and of_contract else _list(each)
    if isinstance(type_, GraphQLObjectType):
        selection = planner.selection(type_, details)
        if not selection.is_plain:
            raise NotPlain
        return selection.read
    raise Unplannable


def _list(convert: Convert | None) -> Convert:
    def converted(value: Any) -> list[Any]:
        if type(value) is not tuple and type(value) is not list:
            raise Surprise
        return list(value) if convert is None else [convert(each) for each in value]

    return converted


def _not_null(convert: Convert | None) -> Convert:
    def converted(value: Any) -> Any:
        if value is None:
            raise Surprise
        return value if convert is None else convert(value)

    return converted


def nested(planner: "Planner", type_: GraphQLOutputType, details: Details, label: str) -> Complete:
    """What turns a value into its part of the answer, where something of it has to be loaded.

    `label` is the field's full name, for errors.
    """
    if isinstance(type_, GraphQLNonNull):
        return _required(nested(planner, type_.of_type, details, label), label)
    if isinstance(type_, GraphQLList):
        return _items(nested(planner, type_.of_type, details, label), type_.of_type, details, label)
    if isinstance(type_, GraphQLObjectType):
        build = planner.selection(type_, details).build
        return lambda run, value, path: None if value is None else build(run, value, path)
    raise Unplannable


def _required(complete: Complete, label: str) -> Complete:
    def completed(run: "Run", value: Any, path: Path) -> Any:
        made = complete(run, value, path)
        if made is None:
            raise TypeError(f"Cannot return null for non-nullable field {label}.")
        return made

    return completed


def _items(complete: Complete, type_: GraphQLOutputType, details: Details, label: str) -> Complete:
    def completed(run: "Run", value: Any, path: Path) -> Any:
        if value is None:
            return None
        if not is_iterable(value):
            raise GraphQLError(f"Expected Iterable, but did not find one for field '{label}'.")
        made = []
        for index, each in enumerate(value):
            here = (path, index, None)
            try:
                made.append(complete(run, each, here))
            except Exception as error:  # told by its kind, as every resolver's error is
                run.failed(error, type_, details, here)
                made.append(None)
        return made

    return completed
