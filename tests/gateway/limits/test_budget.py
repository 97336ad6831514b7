"""Budgets by their own clock, and who counts as one client."""

from pathlib import Path

import pytest

from gateway.limits.budget import Budget, OverBudget, address, person, table


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def spent(budget: Budget, client: str, points: int) -> float:
    """Seconds to wait; 0 where it went through."""
    try:
        budget.spend(client, points)
    except OverBudget as over:
        return over.wait
    return 0


def test_the_burst_is_there_at_once_and_comes_back_by_the_minute() -> None:
    clock = Clock()
    budget = Budget(per_minute=60, burst=10, clock=clock)
    assert [spent(budget, "a", 1) for _ in range(10)] == [0] * 10
    assert spent(budget, "a", 1) == pytest.approx(1)
    assert spent(budget, "a", 5) == pytest.approx(5)
    # what was refused took nothing
    clock.now += 5
    assert spent(budget, "a", 5) == 0
    assert spent(budget, "a", 1) == pytest.approx(1)


def test_clients_do_not_spend_for_each_other() -> None:
    budget = Budget(per_minute=1, burst=1, clock=Clock())
    assert spent(budget, "a", 1) == 0
    assert spent(budget, "b", 1) == 0
    assert spent(budget, "a", 1) == pytest.approx(60)


def test_workers_of_one_machine_share_a_table(tmp_path: Path) -> None:
    clock = Clock()
    one, other = (Budget(60, 10, clock, table(tmp_path / "budget")) for _ in range(2))
    assert spent(one, "a", 6) == 0
    assert spent(other, "a", 6) == pytest.approx(2)
    assert spent(other, "a", 4) == 0
    assert spent(one, "a", 1) == pytest.approx(1)


def test_what_costs_more_than_there_can_be_is_not_refused_for_ever() -> None:
    clock = Clock()
    budget = Budget(per_minute=60, burst=10, clock=clock)
    assert spent(budget, "a", 1_000) == 0
    assert spent(budget, "a", 1_000) == pytest.approx(10)
    clock.now += 10
    assert spent(budget, "a", 1_000) == 0


def test_a_forged_forwarding_header_is_not_believed() -> None:
    forged = ["9.9.9.9, 5.6.7.8"]
    assert address("1.2.3.4", forged, proxies=0) == "1.2.3.4"
    assert address("1.2.3.4", forged, proxies=1) == "5.6.7.8"
    assert address("1.2.3.4", (), proxies=1) == "1.2.3.4"
    assert address("1.2.3.4", ["x'; drop"], proxies=1) == "unknown"


def test_a_proxy_that_adds_a_header_of_its_own_is_believed_and_not_the_clients() -> None:
    assert address("1.2.3.4", ["9.9.9.9", "5.6.7.8"], proxies=1) == "5.6.7.8"
    assert address("1.2.3.4", ["8.8.8.8, 9.9.9.9", "5.6.7.8", "6.7.8.9"], proxies=2) == "5.6.7.8"


def test_a_network_of_ipv6_is_one_client() -> None:
    assert address("2001:db8:1:2::3", (), 0) == address("2001:db8:1:2:ffff::4", (), 0)
    assert address("2001:db8:1:2::3", (), 0) != address("2001:db8:1:3::3", (), 0)
    assert address("::ffff:1.2.3.4", (), 0) == "1.2.3.4"


def test_a_person_is_not_to_be_told_from_the_key() -> None:
    assert person("anna") == person("anna")
    assert "anna" not in person("anna")
