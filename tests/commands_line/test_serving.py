"""The service as a person starts it: links are printed, and they open."""

import json
import os
import re
import subprocess
import sys
import urllib.request

import pytest

from tests.live.evening import free_port

COMPANION = os.path.join(os.path.dirname(sys.executable), "companion")


@pytest.fixture
def started(tmp_path):
    """Start a command on a fresh data folder; all of it ends with the test."""
    port, running = free_port(), []

    def start(*words):
        env = {**os.environ, "PORT": str(port), "COMPANION_DATA": str(tmp_path / "data")}
        process = subprocess.Popen(
            [COMPANION, *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def opens(link):
    with urllib.request.urlopen(link, timeout=10) as answer:  # noqa: S310 - our own server
        return answer.status == 200 and b"passcode" in answer.read()


def test_a_demo_tells_other_programs_its_links_and_a_second_one_joins_the_running_service(started):
    links = json.loads(started("demo", "--json").stdout.readline())
    second = started("demo", "--json")
    more = json.loads(second.stdout.readline())

    assert [link["role"] for link in links] == ["facilitator", "member", "peer_supporter", "tech_helper"]
    assert all(re.fullmatch(r"\d{8}", link["passcode"]) for link in links)
    assert second.wait(20) == 0
    assert {link["link"] for link in links}.isdisjoint(link["link"] for link in more)
    assert opens(links[1]["link"])
    assert opens(more[1]["link"])


def test_an_empty_database_opens_a_demo_with_one_line_a_person(started):
    process = started("run")
    lines = iter(process.stdout.readline, "")
    printed = [next(line for line in lines if "/i/" in line)]
    for line in lines:
        printed.append(line)
        if "Ctrl-C" in line:
            break

    links = re.findall(r"(http://127\.0\.0\.1:\d+/i/\w+)\s+passcode \d{4} \d{4}", "".join(printed))
    assert len(links) >= 4
    assert opens(links[0])
    assert "█" in "".join(printed)
