"""Simulated people for a demo: they ask, take breaks, drop and return, by the same contract as any client.

They talk to the address in their links and know nothing else of the service. Polling is enough for them; a WebSocket is
used where the package for it is installed.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from companion.bot import PATIENCE, Bot, Link, Pace, Tally

# So that a small company has somebody to let it in and somebody to let in.
SEATING = ("facilitator", "member", "member", "peer_supporter", "tech_helper")


def run_bots(links: Sequence[Link], count: int, seconds: float, seed: int = 0, pace: Pace | None = None) -> Tally:
    """Let up to ``count`` people live in the session for so long, print the closing line, and return its counts."""
    until, pace = time.monotonic() + seconds, pace or Pace()
    company = enumerate(seated(links, count))
    bots = [Bot(link, Random(f"{seed} {number}"), until, pace) for number, link in company]  # noqa: S311
    threads = [threading.Thread(target=bot.live, daemon=True) for bot in bots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=max(0.0, until - time.monotonic()) + 3 * PATIENCE)
    tally = Tally()
    for bot in bots:
        tally.add(bot.tally)
    print(closing_line(tally, seconds), *(f"  {problem}" for problem in tally.problems), sep="\n", flush=True)
    return tally


def seated(links: Sequence[Link], count: int) -> list[Link]:
    """The first ``count`` of these links, those first without whom an evening cannot be."""
    left, chosen = list(links), []
    for role in SEATING:
        found = next((link for link in left if link.role == role), None)
        if found is not None:
            chosen.append(found)
            left.remove(found)
    rest = sorted(left, key=lambda link: link.role != "member")
    return [*chosen, *rest][:count]


def closing_line(tally: Tally, seconds: float) -> str:
    """What became of everybody, in one line."""
    return (
        f"{tally.people} simulated people, {seconds:g} seconds: {tally.kept} taps kept, "
        f"{tally.refused.total()} refused, {tally.drops} drops, {tally.returns} returns, "
        f"{tally.unanswered} unanswered, {len(tally.problems)} could not go on."
    )


@dataclass(frozen=True, slots=True)
class _Given:
    role: str
    link: str
    passcode: str


def main(argv: Sequence[str] | None = None) -> int:
    """``companion demo --json | python -m companion.bots``: links as JSON come in, the closing line goes out."""
    parser = ArgumentParser(prog="python -m companion.bots", description=main.__doc__)
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    links = [_Given(link["role"], link["link"], link["passcode"]) for link in json.loads(sys.stdin.readline())]
    tally = run_bots(links, args.count, args.seconds, args.seed)
    return 0 if tally.kept and not tally.problems else 1


if __name__ == "__main__":
    sys.exit(main())
