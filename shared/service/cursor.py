"""Opaque cursors: where a page goes on, and in which list, so that a cursor of another list is noticed."""

import base64
import binascii

import msgspec

from shared.contracts.base import Entity
from shared.contracts.refusals import Refused
from shared.store.port import Query, Scalar, position

type _Cursor = tuple[str, str | None, str | int | None, str]


def cursor[E: Entity](query: Query[E], entity: E) -> str:
    value, id_ = position(query, entity)
    packed = msgspec.json.encode((query.collection.name, query.order, value, id_))
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def after[E: Entity](query: Query[E], text: str) -> tuple[Scalar, str]:
    """The position a cursor stands for. Raises Refused for one that is damaged or of another list or order."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        collection, order, value, id_ = msgspec.json.decode(packed, type=_Cursor)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise _foreign() from None
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise _foreign()
    if (collection, order) != (query.collection.name, query.order) or (order is None) != (value is None):
        raise _foreign()
    return value, id_


def _foreign() -> Refused:
    return Refused(
        "CURSOR_INVALID",
        pl="Ten kursor nie pochodzi z tej listy w tej kolejności; zacznij od pierwszej strony.",
        en="This cursor is not of this list in this order; start again from the first page.",
        field="after",
    )
