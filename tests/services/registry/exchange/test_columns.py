"""Records as cells and back."""

import msgspec
import pytest

from deploy.seed.records import seed_records
from services.registry.exchange.columns import BY_NAME, COLUMNS, LEFT_OUT, cells, record_of
from shared.contracts.organisations import Organization

ORGANIZATIONS = [entity for _, entity in seed_records() if isinstance(entity, Organization)]


@pytest.mark.parametrize("organization", ORGANIZATIONS, ids=lambda o: o.name)
def test_every_seed_record_comes_back_from_its_cells(organization: Organization) -> None:
    record = msgspec.to_builtins(organization)
    kept = {name: value for name, value in record.items() if name in LEFT_OUT}
    row = dict(zip((column.name for column in COLUMNS), cells(record), strict=True))
    assert msgspec.convert(record_of(row) | kept, Organization) == organization


def test_items_keep_the_sign_that_stands_between_items() -> None:
    names = ["a | b", "c\\d", "|", "e"]
    assert BY_NAME["aliases"].read(BY_NAME["aliases"].write(names)) == names


@pytest.mark.parametrize("name", ["=1+1", "'=1+1", "''", "@x", "+48", "'a"])
def test_no_cell_is_a_formula_and_every_name_comes_back(name: str) -> None:
    row = dict(zip((column.name for column in COLUMNS), cells({"name": name}), strict=True))
    assert row["name"][0] not in "=+-@"
    assert record_of(row)["name"] == name


def test_a_column_that_is_not_there_says_nothing_and_an_empty_cell_says_none() -> None:
    assert record_of({"name": "X", "aliases": ""}) == {"name": "X", "aliases": ()}
    blank = {f"address.{part}": "" for part in ("street", "building", "postalCode", "city")}
    assert record_of(blank) == {"address": None}
    assert record_of({"address.city": ""}) == {"address.city": None}


@pytest.mark.parametrize(("cell", "value"), [("tak", True), ("NIE", False), ("true", True), ("x", "x")])
def test_yes_and_no_in_polish(cell: str, value: object) -> None:
    assert record_of({"publicBenefit": cell}) == {"publicBenefit": value}
