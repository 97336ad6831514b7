"""Limits that an operator entered, and by which keys they are found."""

from shared.contracts.law import LegalSetting
from shared.store.port import Collection, Key

LEGAL_SETTINGS = Collection(
    "legalsettings",
    LegalSetting,
    "law",
    keys={"valid_from": Key(lambda s: s.valid_from), "name": Key(lambda s: s.name)},
    orders=("-valid_from",),
)
