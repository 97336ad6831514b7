import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from shared import contracts
from shared.contracts.base import Command, Entity, Record, encode
from shared.contracts.explain import explain
from shared.contracts.organisations import LegalForm, SubmitOrganization
from shared.contracts.reading import FindRequest
from shared.contracts.refusals import Language, invalid
from shared.ids import id_of, new_id


def structs() -> Iterator[type[msgspec.Struct]]:
    for info in pkgutil.iter_modules(contracts.__path__):
        module = importlib.import_module(f"shared.contracts.{info.name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, msgspec.Struct) and value.__module__ == module.__name__:
                yield value


ALL = list(structs())


@pytest.mark.parametrize("struct", ALL, ids=lambda struct: struct.__name__)
def test_every_contract_can_be_decoded(struct: Any) -> None:
    shape = struct[Any] if getattr(struct, "__parameters__", ()) else struct
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b"5", type=shape)


@pytest.mark.parametrize("struct", ALL, ids=lambda struct: struct.__name__)
def test_every_contract_is_frozen_and_speaks_camel_case(struct: Any) -> None:
    assert struct.__struct_config__.frozen
    assert not any("_" in name for name in struct.__struct_encode_fields__)


def test_records_take_unknown_fields_and_commands_do_not() -> None:
    for struct in ALL:
        if issubclass(struct, Record | Command):
            # what is given as a part of a command is read as strictly as the command
            given = issubclass(struct, Command) or struct.__name__.startswith("Given")
            assert struct.__struct_config__.forbid_unknown_fields is given


def test_ids_sort_by_the_time_they_were_made_in_and_do_not_repeat() -> None:
    made = [new_id("org") for _ in range(1_000)]
    assert len(set(made)) == 1_000
    assert [id_[:14] for id_ in made] == sorted(id_[:14] for id_ in made)


def test_the_id_of_a_name_is_always_the_same() -> None:
    assert id_of("org", "a") == id_of("org", "a") != id_of("org", "b")
    assert msgspec.convert({"id": id_of("org", "ł")}, dict[str, str])


@pytest.mark.parametrize(
    ("body", "field", "pl"),
    [
        ({"name": ""}, "name", "nie może być puste"),
        ({"name": "x" * 301}, "name", "najwyżej 300 znaków"),
        ({}, None, "brak wymaganego pola „legalForm”"),
        ({"name": "x", "legalForm": "X"}, "legalForm", "nie ma takiej wartości: 'X'"),
        ({"name": "x", "legalForm": "OTHER", "a": 1}, None, "nieznane pole „a”"),
        ({"name": "x", "legalForm": "OTHER", "districtIds": ["x"]}, "districtIds.0", "to nie jest identyfikator"),
        ({"name": "x", "legalForm": "OTHER", "publicBenefit": "x"}, "publicBenefit", "oczekiwano bool, a jest str"),
    ],
)
def test_what_is_wrong_is_said_in_polish_with_its_place(body: dict[str, Any], field: str | None, pl: str) -> None:
    from shared.contracts.organisations import SubmitOrganization

    with pytest.raises(msgspec.ValidationError) as wrong:
        msgspec.convert({"name": "x"} | body, SubmitOrganization)
    item = invalid(wrong.value).item(Language.PL)
    assert item.field == field
    assert pl in item.message


def test_what_is_not_known_to_be_explained_is_passed_on() -> None:
    assert explain("Something new") == ("Something new", "Something new")


def test_entities_carry_identity_version_and_times() -> None:
    assert Entity.__struct_fields__ == ("id", "version", "created_at", "updated_at")


def test_a_command_is_sent_without_what_was_not_given() -> None:
    """An older replica refuses fields that it does not know; while a release is rolled out it is still there."""
    sent = encode(SubmitOrganization(name="Fundacja", legal_form=LegalForm.FOUNDATION))
    assert msgspec.json.decode(sent) == {"name": "Fundacja", "legalForm": "FOUNDATION"}
    assert encode(FindRequest[None]()) == b"{}"
