"""The system as a newcomer starts it: up from nothing, with something to look at, and a token to try it with."""

import aiohttp

from tests.deployment.load import SUBMIT, submission
from tests.deployment.running import PROCESSES, ask
from tests.deployment.stack import Stack, health_of


async def test_what_came_up_from_nothing_is_healthy_and_answers_through_the_door(stack: Stack) -> None:
    for service in (*PROCESSES, "gateway-door", "mongo", "nats"):
        container = stack.container(service)
        assert (service, health_of(container)) == (service, "healthy")
    query = "{ organizations(first: 1) { nodes { name } } consultations(first: 1) { nodes { title } } }"
    async with aiohttp.ClientSession() as session:
        answer = await ask(stack, session, query)
    assert "errors" not in answer
    assert answer["data"]["organizations"]["nodes"][0]["name"]
    assert answer["data"]["consultations"]["nodes"][0]["title"]


async def test_a_token_that_was_made_for_trying_lets_its_bearer_write(stack: Stack) -> None:
    async with aiohttp.ClientSession() as session:
        variables = {"input": {**submission("Klub Próbny"), "legalForm": "ASSOCIATION"}}
        answer = await ask(stack, session, SUBMIT, variables, stack.token("official", "resident"))
        assert answer["data"]["written"]["errors"] == []
        id_ = answer["data"]["written"]["entity"]["id"]
        query = "query($id: ID!) { organization(id: $id) { name status } }"
        seen = await ask(stack, session, query, {"id": id_}, stack.token("official", "resident"))
        assert seen["data"]["organization"] == {"name": "Klub Próbny", "status": "SUBMITTED"}
        # and nobody sees it who has none
        assert (await ask(stack, session, query, {"id": id_}))["data"]["organization"] is None


async def test_figures_and_health_are_not_for_outside(stack: Stack) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/metrics", "/ready", "/live"):
            async with session.get(stack.graphql.replace("/graphql", path)) as answer:
                assert answer.status == 404
