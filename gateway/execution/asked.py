"""What an operation asks of a field's answer."""

from collections.abc import Iterable, Mapping

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, SelectionSetNode


def asks(nodes: Iterable[FieldNode], fragments: Mapping[str, FragmentDefinitionNode], name: str) -> bool:
    """Whether the field has a sub-field of this name, in fragments too. What @skip leaves out may count.

    Each fragment is looked into once, however often it is spread: a few fragments that spread one another twice would
    otherwise take time that doubles with each.
    """
    seen: set[str] = set()
    return any(_has(node.selection_set, name, fragments, seen) for node in nodes)


def _has(
    selection_set: SelectionSetNode | None, name: str, fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]
) -> bool:
    for selection in selection_set.selections if selection_set else ():
        if isinstance(selection, FieldNode):
            if selection.name.value == name:
                return True
        elif isinstance(selection, FragmentSpreadNode):
            spread = selection.name.value
            if spread not in seen:
                seen.add(spread)
                if _has(fragments[spread].selection_set, name, fragments, seen):
                    return True
        elif _has(getattr(selection, "selection_set", None), name, fragments, seen):
            return True
    return False
