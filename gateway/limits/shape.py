"""Limits on a document's shape, looked at before it is validated: validation takes time that grows with its square."""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    SelectionSetNode,
)

from gateway.limits.refusal import beyond
from gateway.limits.settings import Limits


def shape_errors(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """Depth, aliases and fragments. What is in no operation counts like the rest: it is validated, too."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    roots = [one.selection_set for one in document.definitions if hasattr(one, "selection_set")]
    spreads, again = len(fragments), 0
    for level in _levels(roots):
        seen: set[tuple[str, str]] = set()
        for condition, selection in level:
            if isinstance(selection, FieldNode):
                key = (condition, (selection.alias or selection.name).value)
                again += selection.alias is not None or key in seen
                seen.add(key)
            else:
                spreads += 1
    errors = []
    if again > limits.aliases:
        errors.append(
            beyond(
                "TOO_MANY_ALIASES",
                "ALIASES_MAX",
                limits.aliases,
                again,
                pl="Za dużo aliasów i powtórzonych pól",
                en="Too many aliases and repeated fields",
            )
        )
    if spreads > limits.fragments:
        errors.append(
            beyond(
                "TOO_MANY_FRAGMENTS",
                "FRAGMENTS_MAX",
                limits.fragments,
                spreads,
                pl="Za dużo fragmentów",
                en="Too many fragments",
            )
        )
    if errors:
        return errors
    deepest = max((_depth(one, fragments, {}) for one in roots), default=0)
    if deepest > limits.depth:
        errors.append(
            beyond(
                "TOO_DEEP", "DEPTH_MAX", limits.depth, deepest, pl="Zbyt głęboko zagnieżdżone", en="Nested too deeply"
            )
        )
    return errors


def _levels(roots: list[SelectionSetNode]) -> Iterator[list[tuple[str, FieldNode | FragmentSpreadNode]]]:
    """What is selected of one object, with the type it is asked of: inline fragments are looked through.

    Without recursion, so that depth does no harm.
    """
    waiting = list(roots)
    while waiting:
        level: list[tuple[str, FieldNode | FragmentSpreadNode]] = []
        inline = [("", waiting.pop())]
        while inline:
            condition, one = inline.pop()
            for selection in one.selections:
                if isinstance(selection, InlineFragmentNode):
                    of = selection.type_condition
                    inline.append((of.name.value if of else condition, selection.selection_set))
                elif isinstance(selection, FieldNode | FragmentSpreadNode):
                    level.append((condition, selection))
                    if isinstance(selection, FieldNode) and selection.selection_set:
                        waiting.append(selection.selection_set)
        yield level


def _depth(selection_set: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode], known: dict[str, int]) -> int:
    """Levels of fields. Each fragment is measured once; one that spreads itself is left to the validation.

    Introspection does not count: its depth is bounded by a rule of its own (MaxIntrospectionDepthRule).
    """
    deepest = 0
    for selection in selection_set.selections:
        if isinstance(selection, FieldNode):
            if selection.name.value.startswith("__"):
                continue
            below = _depth(selection.selection_set, fragments, known) if selection.selection_set else 0
            deepest = max(deepest, 1 + below)
        elif isinstance(selection, FragmentSpreadNode):
            name = selection.name.value
            if name not in known:
                known[name] = 0
                if name in fragments:
                    known[name] = _depth(fragments[name].selection_set, fragments, known)
            deepest = max(deepest, known[name])
        elif isinstance(selection, InlineFragmentNode):
            deepest = max(deepest, _depth(selection.selection_set, fragments, known))
    return deepest
