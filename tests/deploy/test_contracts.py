from pathlib import Path

import pytest

from deploy.contracts import contracts


@pytest.mark.parametrize(("file", "text"), contracts().items(), ids=lambda value: getattr(value, "name", ""))
def test_the_committed_contract_is_what_the_code_does(file: Path, text: str) -> None:
    """What becomes public is seen in review: run `make contracts` and look at the difference."""
    assert file.read_text() == text
