"""What an operation asks of the field at hand."""

from typing import Any

from gateway.execution.asked import asks


def selects(info: Any, name: str) -> bool:
    """Whether the field has a sub-field of this name. What @skip leaves out may count."""
    resolving = info._raw_info  # noqa: SLF001 - strawberry's own list of selections expands every spread
    return asks(resolving.field_nodes, resolving.fragments, name)
