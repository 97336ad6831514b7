import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from deploy.setup.secrets import NATS_USERS, provide
from deploy.setup.vault import PROCESSES, Place, Vault


def provided(folder: Path) -> dict[str, str]:
    provide(Vault(folder / "vault"), folder / "places", "nats:4222")
    places = folder / "places"
    return {str(path.relative_to(places)): path.read_text() for path in places.rglob("*") if path.is_file()}


def test_each_process_gets_its_own_secrets_and_no_other(tmp_path: Path) -> None:
    places = provided(tmp_path)

    for process in PROCESSES:
        own = {name for name in places if name.startswith(f"{process}/")}
        assert own == {f"{process}/nats_url"}
        assert re.fullmatch(rf"nats://{process}:s[0-9a-f]{{63}}@nats:4222", places[f"{process}/nats_url"])
    urls = {places[f"{process}/nats_url"].split(":")[2] for process in PROCESSES}
    assert len(urls) == len(PROCESSES)


def test_nats_knows_a_password_for_each_of_its_users(tmp_path: Path) -> None:
    passwords = dict(line.split("=") for line in provided(tmp_path)["nats/passwords"].splitlines())

    users = (Path(__file__).parents[3] / "deploy/nats/users.conf").read_text()
    assert set(passwords) == {f"{name.upper()}_PASSWORD" for name in NATS_USERS}
    assert set(re.findall(r"\$([A-Z]+_PASSWORD)", users)) == set(passwords)


def test_the_private_key_is_not_where_processes_look_for_the_public_one(tmp_path: Path) -> None:
    places = provided(tmp_path)

    assert {name for name in places if name.startswith("jwks/")} == {"jwks/jwks.json"}
    assert '"d"' not in places["jwks/jwks.json"]
    assert "PRIVATE KEY" in places["identity/keys/private.pem"]


def test_secrets_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    provided(tmp_path)

    for path in [*(tmp_path / "vault").rglob("*"), *(tmp_path / "places").rglob("*")]:
        if path.is_file() and path.name != "jwks.json":
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_made_once_and_the_same_ever_after(tmp_path: Path) -> None:
    first = provided(tmp_path)
    assert provided(tmp_path) == first


def test_a_renewed_secret_changes_alone(tmp_path: Path) -> None:
    first = provided(tmp_path)
    Vault(tmp_path / "vault").forget(["nats-events"])
    second = provided(tmp_path)

    assert {name for name in first if first[name] != second[name]} == {"events/nats_url", "nats/passwords"}


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    one, other = provided(tmp_path / "one"), provided(tmp_path / "other")
    assert not [name for name in one if one[name] == other[name]]


def test_two_who_set_up_at_once_make_each_secret_once(tmp_path: Path) -> None:
    together = Barrier(4)

    def made(_: int) -> list[str]:
        together.wait()
        Place(tmp_path / "place", os.geteuid()).put("public", "the same")
        return [Vault(tmp_path).secret(f"secret-{number}") for number in range(20)]

    with ThreadPoolExecutor(4) as threads:
        first, *others = threads.map(made, range(4))
    assert others == [first] * 3
