"""Each alert fires in the outage it is for, and no other does: Prometheus itself plays them through.

promtool comes with Prometheus (Debian: the package `prometheus`). Without it the expressions are only compared with
what the processes tell (test_names.py).
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.observability.expressions import OBSERVABILITY, alerts, expressions

PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not on PATH")
JOBS = ("registry", "consultations", "events", "gateway")
SERVICE = 'job="registry",instance="a"'
GATEWAY = 'job="gateway",instance="b"'
FIND = 'service="registry",operation="organizations/find"'

# promtool's notation: 0+60x80 is 0, 60, 120 … in 81 steps of 15 seconds; _x80 is nothing
HEALTHY = {
    **{f'up{{job="{job}",instance="a"}}': "1x80" for job in JOBS},
    f"process_resident_memory_bytes{{{SERVICE}}}": "80000000x80",
    f"jasne_memory_limit_bytes{{{SERVICE}}}": "250000000x80",
    f'jasne_operations_total{{{GATEWAY},operation="Page",type="query",outcome="ok"}}': "0+60x80",
    f'jasne_operation_seconds_bucket{{{GATEWAY},operation="Page",type="query",le="1.0"}}': "0+60x80",
    f'jasne_operation_seconds_bucket{{{GATEWAY},operation="Page",type="query",le="+Inf"}}': "0+60x80",
    f'jasne_operation_seconds_count{{{GATEWAY},operation="Page",type="query"}}': "0+60x80",
    f'jasne_requests_total{{{SERVICE},{FIND},outcome="ok"}}': "0+60x80",
    f'jasne_request_seconds_bucket{{{SERVICE},{FIND},le="1.0"}}': "0+60x80",
    f'jasne_request_seconds_bucket{{{SERVICE},{FIND},le="+Inf"}}': "0+60x80",
    f"jasne_request_seconds_count{{{SERVICE},{FIND}}}": "0+60x80",
    f'jasne_calls_total{{{GATEWAY},service="registry",outcome="ok"}}': "0+60x80",
    f'jasne_budget_refusals_total{{{GATEWAY},budget="points"}}': "0x80",
    f"jasne_bus_connected{{{SERVICE}}}": "1x80",
    f"jasne_bus_connected{{{GATEWAY}}}": "1x80",
    f"jasne_outbox_age_seconds{{{SERVICE}}}": "0x80",
    f'jasne_consumer_pending{{{SERVICE},durable="calendar"}}': "3x80",
    f'jasne_consumer_unacknowledged{{{SERVICE},durable="calendar"}}': "1x80",
    f'jasne_consumer_redelivered{{{SERVICE},durable="calendar"}}': "0x40 1 0x39",
    f'jasne_dead_letters_total{{{SERVICE},durable="calendar"}}': "0x80",
    f'jasne_gateway_breaker{{{GATEWAY},service="registry"}}': "0x80",
    f'jasne_gateway_cache_stale_total{{{GATEWAY},level="entities"}}': "5x80",
    f'jasne_watch_behind{{{GATEWAY},service="registry"}}': "0x40 900 0x39",
    f"jasne_watch_live{{{GATEWAY}}}": "1x80",
    f'jasne_store_failures_total{{{SERVICE},kind="unavailable"}}': "0x80",
    f'jasne_store_failures_total{{{SERVICE},kind="conflict"}}': "0+1x80",
    f'jasne_store_seconds_bucket{{{SERVICE},operation="transaction",le="0.25"}}': "0+60x80",
    f'jasne_store_seconds_bucket{{{SERVICE},operation="transaction",le="+Inf"}}': "0+60x80",
    f'jasne_store_seconds_count{{{SERVICE},operation="transaction"}}': "0+60x80",
}
OUTAGES = {
    "ProcessDown": {'up{job="events",instance="a"}': "1x60 0x20"},
    "NoReplica": {'up{job="events",instance="a"}': "1x40 _x40"},
    "MemoryNearLimit": {f"jasne_memory_limit_bytes{{{SERVICE}}}": "85000000x80"},
    "MemoryUnusual": {
        f"process_resident_memory_bytes{{{SERVICE}}}": "300000000x80",
        f"jasne_memory_limit_bytes{{{SERVICE}}}": "900000000x80",
    },
    "OperationsFail": {
        f'jasne_operations_total{{{GATEWAY},operation="Page",type="query",outcome="fault"}}': "0x40 0+10x40",
    },
    "OperationsIncomplete": {
        f'jasne_operations_total{{{GATEWAY},operation="Page",type="query",outcome="errors"}}': "0x40 0+30x40",
    },
    "RequestsFail": {f'jasne_requests_total{{{SERVICE},{FIND},outcome="fault"}}': "0x40 0+10x40"},
    "CallsFail": {f'jasne_calls_total{{{GATEWAY},service="registry",outcome="timeout"}}': "0x40 0+10x40"},
    "OperationSlow": {
        f'jasne_operation_seconds_bucket{{{GATEWAY},operation="Page",type="query",le="1.0"}}': "0+58x80",
        f'jasne_operation_seconds_bucket{{{GATEWAY},operation="Page",type="query",le="2.5"}}': "0+60x80",
    },
    "RequestSlow": {
        f'jasne_request_seconds_bucket{{{SERVICE},{FIND},le="1.0"}}': "0+58x80",
        f'jasne_request_seconds_bucket{{{SERVICE},{FIND},le="2.5"}}': "0+60x80",
    },
    "BudgetRefusals": {f'jasne_budget_refusals_total{{{GATEWAY},budget="points"}}': "0x40 0+30x40"},
    "BusAway": {f"jasne_bus_connected{{{SERVICE}}}": "1x60 0x20"},
    "OutboxOld": {f"jasne_outbox_age_seconds{{{SERVICE}}}": "0x60 0+15x20"},
    "ConsumerBehind": {f'jasne_consumer_pending{{{SERVICE},durable="calendar"}}': "0x40 500x40"},
    "ConsumerStuck": {f'jasne_consumer_redelivered{{{SERVICE},durable="calendar"}}': "1x80"},
    "DeadLetters": {f'jasne_dead_letters_total{{{SERVICE},durable="calendar"}}': "0x40 1x40"},
    # between two tries a breaker that rests is half open
    "BreakerOpen": {f'jasne_gateway_breaker{{{GATEWAY},service="registry"}}': "0x60 2 1 2 2 0 2 1 2 2 1 2x10"},
    "StaleAnswers": {f'jasne_gateway_cache_stale_total{{{GATEWAY},level="entities"}}': "0x40 0+5x40"},
    "WatchBehind": {f'jasne_watch_behind{{{GATEWAY},service="registry"}}': "0x60 900x20"},
    "WatchLost": {f"jasne_watch_live{{{GATEWAY}}}": "1x60 0x20"},
    "StoreUnavailable": {f'jasne_store_failures_total{{{SERVICE},kind="unavailable"}}': "0x60 0+5x20"},
    "StoreConflicts": {f'jasne_store_failures_total{{{SERVICE},kind="conflict"}}': "0+90x80"},
    "StoreSlow": {
        f'jasne_store_seconds_bucket{{{SERVICE},operation="transaction",le="0.25"}}': "0+50x80",
        f'jasne_store_seconds_bucket{{{SERVICE},operation="transaction",le="2.5"}}': "0+60x80",
    },
}


def promtool(*arguments: str | Path) -> None:
    assert PROMTOOL is not None
    done = subprocess.run([PROMTOOL, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_the_outage_it_is_for() -> None:
    assert {one.alert for one in alerts()} == set(OUTAGES)


@needs_promtool
def test_prometheus_takes_the_files() -> None:
    promtool("check", "config", OBSERVABILITY / "prometheus.yml")
    promtool("check", "rules", OBSERVABILITY / "alerts.yml")


@needs_promtool
def test_prometheus_takes_every_expression_of_the_dashboard(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": one.text} for number, one in enumerate(expressions())]
    file = tmp_path / "panels.yml"
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    promtool("check", "rules", file)


@needs_promtool
def test_in_each_outage_its_alert_fires_and_no_other(tmp_path: Path) -> None:
    cases: list[tuple[dict[str, str], list[str]]] = [(HEALTHY, [])]
    cases += [(HEALTHY | outage, [alert]) for alert, outage in OUTAGES.items()]
    tests = [
        {
            "interval": "15s",
            "input_series": [{"series": series, "values": values} for series, values in given.items()],
            "promql_expr_test": [
                {
                    "expr": 'group by (alertname) (ALERTS{alertstate="firing"})',
                    "eval_time": "20m",
                    "exp_samples": [{"labels": f'{{alertname="{alert}"}}', "value": 1} for alert in firing],
                }
            ],
        }
        for given, firing in cases
    ]
    file = tmp_path / "outages.yml"
    rules = [str(OBSERVABILITY / "alerts.yml")]
    file.write_text(json.dumps({"rule_files": rules, "evaluation_interval": "30s", "tests": tests}))
    promtool("test", "rules", file)
