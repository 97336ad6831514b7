"""The variables on which it depends what an operation selects: those in @skip and @include."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import OperationDefinitionNode, SelectionSetNode, VariableNode
from graphql.execution.collect_fields import FragmentDetails


def condition_names(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDetails]) -> frozenset[str]:
    """Of the operation and of all fragments beside it."""
    names: set[str] = set()
    stack: list[Any] = [operation.selection_set, *(each.definition.selection_set for each in fragments.values())]
    while stack:
        selection_set: SelectionSetNode | None = stack.pop()
        for selection in selection_set.selections if selection_set else ():
            for directive in selection.directives or ():
                for argument in directive.arguments or ():
                    if isinstance(argument.value, VariableNode):
                        names.add(argument.value.name.value)
            stack.append(getattr(selection, "selection_set", None))
    return frozenset(names)


def chosen(names: Iterable[str], variables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: variables[name] for name in names if name in variables}
