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


def opens(link, words=b"passcode"):
    with urllib.request.urlopen(link, timeout=10) as answer:  # noqa: S310 - our own server
        return answer.status == 200 and words in answer.read()


def test_a_fresh_demo_tells_other_programs_its_links_and_ends(started):
    server = started("run")
    next(line for line in iter(server.stdout.readline, "") if "Ctrl-C" in line)
    first, second = started("demo", "--json"), started("demo", "--json")
    links, more = (json.loads(process.stdout.read()) for process in (first, second))

    assert (first.wait(20), second.wait(20)) == (0, 0)
    assert {link["role"] for link in links} == {"facilitator", "member", "peer_supporter", "tech_helper"}
    assert all(re.fullmatch(r"\d{8}", link["passcode"]) for link in links)
    assert {link["link"] for link in links}.isdisjoint(link["link"] for link in more)
    assert opens(links[1]["link"])
    assert opens(more[1]["link"])


def test_a_half_finished_demo_is_printed_for_people_and_joins_the_running_service(started):
    server = started("run")
    next(line for line in iter(server.stdout.readline, "") if "Ctrl-C" in line)
    demo = started("demo")
    printed = demo.stdout.read()

    assert demo.wait(20) == 0
    links = re.findall(r"(http://127\.0\.0\.1:\d+/i/\w+)\s+passcode \d{4} \d{4}", printed)
    assert len(links) == 4
    assert opens(links[1])


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
    desk, first = re.findall(r"http://127\.0\.0\.1:\d+/desk/begin/\w+", "".join(printed))
    assert opens(desk, b"This is the desk of the demo.")
    assert opens(first, b"You are the first here.")
