from pathlib import Path

from prometheus_client import CollectorRegistry

from shared.metrics import MemoryLimit


def limit(file: Path) -> float | None:
    registry = CollectorRegistry()
    registry.register(MemoryLimit(file))
    return registry.get_sample_value("jasne_memory_limit_bytes")


def test_the_limit_of_a_container_is_told_and_no_limit_is_nothing(tmp_path: Path) -> None:
    file = tmp_path / "memory.max"
    assert limit(file) is None
    file.write_text("max\n")
    assert limit(file) is None
    file.write_text("157286400\n")
    assert limit(file) == 150 * 1024 * 1024
