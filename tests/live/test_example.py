"""The client in docs/examples joins a served demo, taps, and prints its panel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from companion.demo import as_json, make_demo
from tests.live.evening import ROOT
from tests.live.watched import Watched

NODE = Path(sys.executable).with_name("node")  # setup puts it beside Python
EXAMPLE = ROOT / "docs" / "examples"
COMPLETE = """
She has joined.
  Wren: in the waiting room
  Your help ticket: none

“I can't hear” is sent.

She has asked for help.
  Wren: in the waiting room
  Your help ticket: cannot_hear, open

“Let her in” is sent.
“Begin” is sent.
“Ask to speak” is sent.

She has asked to speak.
  Wren: in the room (live)
  Hosting: Sol
  Speaking now: nobody
  Your place in the line: 1
  For one-to-ones: nobody just now
  Your help ticket: cannot_hear, open

“It works again” is sent.

She is well.
  Wren: in the room (live)
  Hosting: Sol
  Speaking now: nobody
  Your place in the line: 1
  For one-to-ones: nobody just now
  Your help ticket: none

"""


def run_example(*given: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NODE, EXAMPLE / "member.mjs", *given], input=typed, capture_output=True, text=True, timeout=60, cwd=Path("/")
    )


def test_it_plays_a_member_from_the_links_of_a_demo(evening: Watched) -> None:
    links = as_json(make_demo(evening.deps))

    ran = run_example(typed=links + "\n")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == COMPLETE


def test_it_takes_one_link_and_stays_at_the_door(evening: Watched) -> None:
    wren = next(link for link in make_demo(evening.deps) if link.role == "member")

    ran = run_example(wren.link, wren.passcode)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == COMPLETE.split("\n“Let her in”")[0] + "\n"


def test_it_says_what_is_wrong(evening: Watched) -> None:
    wren = next(link for link in make_demo(evening.deps) if link.role == "member")

    ran = run_example(wren.link, "0000 0000")

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "wrong_passcode: That passcode did not fit. Please try again.\n"
