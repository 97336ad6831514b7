"""Limits that an operator entered, and by which keys they are found."""

from datetime import date

from shared.contracts.law import LegalSetting
from shared.store.port import Collection, Key


def ends(setting: LegalSetting) -> date:
    """The last day on which it holds, as a filter by the day needs it; a stored one knows none."""
    return setting.valid_until or date.max


LEGAL_SETTINGS = Collection(
    "legalsettings",
    LegalSetting,
    "law",
    keys={"valid_from": Key(lambda s: s.valid_from), "name": Key(lambda s: s.name), "ends": Key(ends)},
    orders=("-valid_from",),
)

ENTERED_MAX = 10_000
"""More than are ever entered."""
