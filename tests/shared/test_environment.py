from pathlib import Path

import pytest

from shared.environment import number, port, required, switch, text


def test_a_setting_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("nats://user:word@host\n")
    monkeypatch.setenv("SOME_URL_FILE", str(tmp_path / "url"))

    assert required("SOME_URL") == "nats://user:word@host"
    assert text("SOME_URL", "other") == "nats://user:word@host"


def test_what_is_given_directly_wins_over_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "port").write_text("1")
    monkeypatch.setenv("SOME_PORT_FILE", str(tmp_path / "port"))
    monkeypatch.setenv("SOME_PORT", "2")

    assert number("SOME_PORT") == 2


def test_empty_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_PORT", "")
    monkeypatch.setenv("SOME_PORT_FILE", "")

    assert number("SOME_PORT", 8080) == 8080
    assert text("SOME_PORT", "default") == "default"
    assert switch("SOME_PORT", default=True)
    with pytest.raises(SystemExit, match="SOME_PORT is not set"):
        required("SOME_PORT")


def test_an_empty_file_is_not_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("\n")
    monkeypatch.setenv("SOME_URL_FILE", str(tmp_path / "url"))

    with pytest.raises(SystemExit, match="SOME_URL is not set"):
        required("SOME_URL")


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not text"])
def test_a_file_that_cannot_be_read_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "url"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("SOME_URL_FILE", str(path))

    with pytest.raises(SystemExit, match=f"SOME_URL_FILE cannot be read: {path}"):
        required("SOME_URL")


@pytest.mark.parametrize("given", ["65536", "-1", "9" * 30])
def test_what_is_no_port_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("SOME_PORT", given)
    with pytest.raises(SystemExit, match="SOME_PORT must"):
        port("SOME_PORT", 8080)
