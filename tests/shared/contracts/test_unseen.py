"""A name is what it looks like: no sign in it that is not seen."""

import msgspec
import pytest

from shared.contracts.base import Line
from shared.contracts.organisations import ReviewOrganization, SubmitOrganization


@pytest.mark.parametrize(
    "sign",
    [
        *"\u00ad\u034f\u061c\u115f\u1160\u17b4\u180b\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e",
        *"\u2060\u2064\u2066\u206f\u2800\u3164\ufe00\ufe0f\ufeff\uffa0\ufff9\ufff0\U0001d173\U0001bca0",
        *"\U000e0001\U000e0041\U000e007f\U000e0100\U000e01ef\U000e0fff",
    ],
)
def test_a_sign_that_is_not_seen_is_in_no_name(sign: str) -> None:
    for name in (f"Fundacja{sign} Zorza", f"{sign}Fundacja Zorza", f"Fundacja Zorza{sign}"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"name": name, "legalForm": "FOUNDATION"}, SubmitOrganization)


@pytest.mark.parametrize(
    "name", ["Fundacja „Żółw” – Łódź & Śląsk’s", "Serce ❤ Pomoc 🐢", "Ђ ß ñ č 東京", "x\u00a0y", "e\u0301"]
)
def test_a_name_may_hold_any_sign_that_is_seen(name: str) -> None:
    assert msgspec.convert(name, Line) == name


def test_longer_texts_may_hold_what_joins_signs() -> None:
    text = "Rodzina 👨\u200d👩\u200d👧"
    asked = {"id": f"org_{'0' * 26}", "expectedVersion": 1, "publish": False, "reason": text}
    assert msgspec.convert(asked, ReviewOrganization).reason == text
