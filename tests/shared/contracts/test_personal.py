"""What is a PESEL number in a text, and what only looks like one."""

import pytest

from shared.contracts.personal import holds_personal_number

PESEL = "44051401359"


@pytest.mark.parametrize(
    "text",
    [
        PESEL,
        f"PESEL{PESEL}",
        f"Jan, {PESEL}, prezes",
        f"Numer: {PESEL}.",
        "440514 01359",
        "440514-01359",
        f"https://example.org/?p={PESEL}",
        f"{PESEL}@example.org",
        "４４０５１４０１３５９",
    ],
)
def test_a_pesel_number_is_found_wherever_it_stands(text: str) -> None:
    assert holds_personal_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "44051401358",  # the check digit
        "44991401350",  # no such month
        "44251401352",  # a day to come, in 2044
        f"1{PESEL}",
        f"{PESEL}0",
        f"{PESEL}000000000000000",  # as long as a bank account
        "61109010140000071219812874",
        "61 1090 1014 0000 0712 1981 2874",
        "+48122345678",
        "5732745883",
        "151399002",
        "0000123456",
        "44051401359.00",
        "org_44051401359abcdefghjkmnpqr",
    ],
)
def test_other_numbers_are_not_taken_for_one(text: str) -> None:
    assert not holds_personal_number(text)
