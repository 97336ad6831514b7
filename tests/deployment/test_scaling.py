"""More replicas are one word, and take their part of the work."""

import asyncio

import aiohttp
from docker.models.containers import Container
from prometheus_client.parser import text_string_to_metric_families

from tests.deployment.load import read
from tests.deployment.running import ask
from tests.deployment.stack import Stack, health_of, said

REQUESTS = 300
FIGURES = """
import http.client, json
from shared.environment import number
connection = http.client.HTTPConnection("127.0.0.1", number("METRICS_PORT", number("PORT", 8080)), timeout=10)
connection.request("GET", "/metrics")
print(json.dumps(connection.getresponse().read().decode()))
"""


def figure(container: Container, name: str) -> float:
    """The sum of all samples of that name that this container tells Prometheus of."""
    families = text_string_to_metric_families(said(container, FIGURES))
    return sum(sample.value for family in families for sample in family.samples if sample.name == name)


async def test_replicas_share_the_load(stack: Stack) -> None:
    await asyncio.to_thread(
        stack.compose, "up", "--detach", "--wait", "--no-recreate", "--scale", "registry=3", "--scale", "gateway=2"
    )
    registries, gateways = stack.containers("registry"), stack.containers("gateway")
    assert [health_of(one) for one in (*registries, *gateways)] == ["healthy"] * 5
    before = {one.id: figure(one, "jasne_requests_total") for one in registries}
    before |= {one.id: figure(one, "jasne_operations_total") for one in gateways}
    async with aiohttp.ClientSession() as session:
        for first in range(0, REQUESTS, 10):
            asked = [read(number, f"Skala {number}") for number in range(first, first + 10)]
            for answer in await asyncio.gather(*(ask(stack, session, *one) for one in asked)):
                assert "errors" not in answer
    for replicas, name in ((registries, "jasne_requests_total"), (gateways, "jasne_operations_total")):
        taken = [figure(one, name) - before[one.id] for one in replicas]
        # of each service one request in three is asked; even parts of that would be one of three replicas, or of two
        assert sum(taken) >= REQUESTS / 3
        assert min(taken) > sum(taken) / len(taken) / 2, (name, taken)
