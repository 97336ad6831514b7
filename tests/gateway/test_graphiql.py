"""GraphiQL is served from this machine alone, with three operations that answer as they stand."""

import re

import pytest
from graphql import parse, validate

from gateway.graphiql import EXAMPLES
from gateway.schema.root import schema
from tests.system import System


async def page(city: System) -> str:
    async with city.session.get(city.graphql, headers={"Accept": "text/html"}) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_a_browser_gets_graphiql_and_everything_it_needs_from_here(city: System) -> None:
    text = await page(city)
    files = re.findall(r'(?:src|href)="(/[^"]+)"', text)
    assert len(files) == 5
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    for file in files:
        async with city.session.get(city.graphql.removesuffix("/graphql") + file) as answer:
            assert answer.status == 200
            assert len(await answer.read()) > 5_000


async def test_no_other_file_is_served(city: System) -> None:
    for name in ("style.css", "..%2f__init__.py", "nope"):
        async with city.session.get(city.graphql.removesuffix("/graphql") + f"/graphiql/{name}") as answer:
            assert answer.status == 404


def test_there_are_three_examples_and_each_is_valid() -> None:
    assert len(EXAMPLES) == 3
    for example in EXAMPLES:
        assert validate(schema._schema, parse(example)) == []


@pytest.mark.parametrize("example", EXAMPLES[:2])
async def test_the_queries_among_them_answer_without_error(city: System, example: str) -> None:
    await city.organization()
    assert await city.ask(example)


async def test_the_examples_are_on_the_page(city: System) -> None:
    text = await page(city)
    assert all(name in text for name in ("query Districts", "query Consultations", "subscription Changes"))
