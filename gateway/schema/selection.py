"""What an operation asks of a field's answer."""

from typing import Any

from strawberry.types.nodes import FragmentSpread, InlineFragment, Selection


def selects(info: Any, name: str) -> bool:
    """Whether the field at hand has a sub-field of this name, in fragments too. What @skip leaves out may count."""
    return any(_has(field.selections, name) for field in info.selected_fields)


def _has(selections: list[Selection], name: str) -> bool:
    for selection in selections:
        if isinstance(selection, FragmentSpread | InlineFragment):
            if _has(selection.selections, name):
                return True
        elif selection.name == name:
            return True
    return False
