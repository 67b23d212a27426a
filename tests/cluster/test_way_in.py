"""The nginx of deploy/, as it is run: its own words are right, and it tells and believes only what it should."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import requests

from tests.cluster.cluster import Cluster
from tests.cluster.machines import make_certificate, program
from tests.live.evening import ROOT

pytestmark = [pytest.mark.cluster, pytest.mark.postgres]


def test_the_configuration_of_deploy_is_accepted_as_it_stands(tmp_path: Path) -> None:
    text = (ROOT / "deploy/nginx/nginx.conf").read_text()
    make_certificate(tmp_path / "certificate", tmp_path / "certificate_key")
    for name in ("proxy.conf", "nodes.conf", "away.conf"):
        (tmp_path / name).write_text((ROOT / "deploy/nginx" / name).read_text())
    # Nothing but where secrets lie and where the container may write: both are folders of this test.
    text = text.replace("/tmp/", f"{tmp_path}/").replace("/run/secrets/", f"{tmp_path}/")  # noqa: S108
    (tmp_path / "nginx.conf").write_text(text)

    said = subprocess.run(
        [program("nginx"), "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stderr
    assert "warn" not in said.stderr


def test_a_page_comes_by_tls_with_cookies_that_insist_on_it(cluster: Cluster) -> None:
    page = requests.get(f"{cluster.address}/i/a-link-that-leads-nowhere", timeout=20)

    assert page.status_code == 200
    assert "Strict-Transport-Security" in page.headers
    assert all(cookie.secure for cookie in page.cookies)


def test_probes_are_not_for_everybody(cluster: Cluster) -> None:
    assert requests.get(f"{cluster.address}/health/ready", timeout=20).status_code == 404
    assert requests.get(f"{cluster.address}/metrics", timeout=20).status_code == 404


def test_what_a_browser_says_of_its_address_is_not_believed(cluster: Cluster) -> None:
    link = f"{cluster.address}/i/{cluster.deps.fresh_id()}"

    codes = [_knock(link, f"203.0.113.{number}", cluster.address) for number in range(12)]

    assert 429 in codes, "an invented address was counted as another person's"


def test_a_body_that_is_too_long_is_not_taken(cluster: Cluster) -> None:
    answer = requests.post(f"{cluster.address}/api/join", data=b"x" * 60_000, timeout=20)

    assert answer.status_code == 413


def test_while_no_node_is_there_a_calm_page_says_so(cluster: Cluster) -> None:
    link = "/i/a-secret-link-of-somebody"
    for node in cluster.nodes:
        node.stop()
    try:
        page = requests.get(cluster.address + link, timeout=20)
        form = requests.post(cluster.address + "/act/request_turn", timeout=20)
    finally:
        cluster.mend()

    for said in (page, form):
        assert said.status_code == 502
        assert "One moment" in said.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "secret-link" not in cluster.nginx.log()
    assert requests.get(cluster.address + link, timeout=20).status_code == 200


def _knock(link: str, address: str, origin: str) -> int:
    # Asking to be let in by voice: ten in a quarter of an hour from one place.
    headers = {"X-Forwarded-For": address, "Forwarded": f"for={address}", "X-Real-IP": address, "Origin": origin}
    with requests.Session() as browser:
        page = browser.get(link, headers=headers, timeout=20)
        token = page.text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        return browser.post(
            f"{link}/voice", data={"csrf_token": token}, headers=headers, allow_redirects=False, timeout=20
        ).status_code
