"""What whoever watches is given fits together: numbers, alerts, documents and the way in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from companion.core.refusals import REASONS
from companion.core.telling import NAMED_REASONS
from companion.ports import Backlog, Gauges
from companion.service.watching import KINDS
from integrations.metrics.adapter import PrometheusMeters

ROOT = Path(__file__).parents[2]
OPERATING = (ROOT / "docs/operating.md").read_text().partition("## Watching it")[2].partition("\n## ")[0]
NGINX = (ROOT / "deploy/nginx/nginx.conf").read_text()
ALERTS: list[dict[str, Any]] = yaml.safe_load((ROOT / "deploy/watching/alerts.yml").read_text())["groups"][0]["rules"]
JOB: dict[str, Any] = yaml.safe_load((ROOT / "deploy/watching/prometheus.yml").read_text())["scrape_configs"][0]
FAMILIES = list(
    text_string_to_metric_families(
        PrometheusMeters().page(Gauges(outbox=dict.fromkeys(KINDS, Backlog()), build={"files": "x"}))[0].decode()
    )
)
NAMES = {sample.name for family in FAMILIES for sample in family.samples} | {"up"}


def test_every_number_of_ours_has_its_line_in_the_table() -> None:
    ours = {f.name + ("_total" if f.type == "counter" else "") for f in FAMILIES if f.name.startswith("companion_")}

    assert set(re.findall(r"^\| `(companion_\w+)", OPERATING, re.MULTILINE)) == ours


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_an_alert_asks_for_numbers_that_there_are(alert: dict[str, Any]) -> None:
    asked = set(re.findall(r"\b(up|(?:companion|process)_\w+)\b", alert["expr"]))

    assert asked
    assert asked <= NAMES
    assert set(re.findall(r'code="(\w+)"', alert["expr"])) <= NAMED_REASONS <= REASONS
    assert alert["labels"]["severity"] in ("page", "ticket")


def test_the_job_asks_each_node_itself() -> None:
    nodes = set(re.findall(r"^server (\S+) ", (ROOT / "deploy/nginx/nodes.conf").read_text(), re.MULTILINE))

    assert set(JOB["static_configs"][0]["targets"]) == nodes
    assert JOB["authorization"]["type"] == "Bearer"
    assert "credentials" not in JOB["authorization"]  # in a file of its own


@pytest.mark.parametrize("path", ["/metrics", "/health/"])
def test_nginx_hands_what_is_for_whoever_watches_to_nobody(path: str) -> None:
    block = NGINX.partition(f"location {path} {{")[2].partition("}")[0]

    assert block.strip() == "return 404;"
