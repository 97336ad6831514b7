"""What a header of milliseconds says."""

import pytest

from shared.contracts.deadline import header_of, seconds_left


@pytest.mark.parametrize("header", [None, "", "soon", "-1", "1.5", "٣", "9" * 30])
def test_what_cannot_be_read_is_no_deadline(header: str | None) -> None:
    assert seconds_left(header) is None


def test_it_survives_a_hop() -> None:
    assert seconds_left(header_of(1.2345)) == 1.234
    assert seconds_left(header_of(-3)) == 0
