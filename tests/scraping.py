"""What a process tells Prometheus, as numbers by name and labels."""

from dataclasses import dataclass, field

import aiohttp
from prometheus_client.parser import text_string_to_metric_families


@dataclass
class Scraped:
    names: set[str] = field(default_factory=set)
    """Of every sample there is, or would be as soon as there is something to count."""
    labels: dict[str, set[str]] = field(default_factory=dict)
    samples: dict[tuple[str, frozenset[tuple[str, str]]], float] = field(default_factory=dict)

    def add(self, text: str) -> None:
        for family in text_string_to_metric_families(text):
            self.names |= {family.name, f"{family.name}_total"} if family.type == "counter" else {family.name}
            for sample in family.samples:
                self.names.add(sample.name)
                self.labels.setdefault(sample.name, set()).update(sample.labels)
                self.samples[sample.name, frozenset(sample.labels.items())] = sample.value

    def value(self, name: str, **labels: str) -> float | None:
        return self.samples.get((name, frozenset(labels.items())))

    def sum(self, name: str, **labels: str) -> float:
        """Of all samples that have these labels, whatever others they have."""
        wanted = frozenset(labels.items())
        return sum(value for (given, own), value in self.samples.items() if given == name and wanted <= own)


async def scraped(session: aiohttp.ClientSession, *urls: str) -> Scraped:
    """Of one process or of several; each URL is a base, to which /metrics is added."""
    found = Scraped()
    for url in urls:
        async with session.get(f"{url}/metrics") as answer:
            assert answer.status == 200, await answer.text()
            found.add(await answer.text())
    return found
