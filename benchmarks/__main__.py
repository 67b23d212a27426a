"""``python -m benchmarks``: measure, say what came of it, and fail if anything was lost, doubled or left behind."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.crowd import crowd
from benchmarks.native import Missing
from benchmarks.report import Trial, table
from benchmarks.servers import KINDS, Kind
from benchmarks.shape import told_to_everybody
from benchmarks.trial import Result, Work, tried
from companion.core.values import replace

USUAL = "companion,companion-json,node,node-group,stock,floor"
BUSY_GENERATOR = 0.5  # of its core: beyond that it may be the generator that is measured


def main(argv: Sequence[str] | None = None) -> int:
    """0 if every trial counts."""
    args = _parser().parse_args(argv)
    if args.smoke:
        args.sessions, args.rounds, args.seconds, args.rate, args.storm = 2, 1, 0.3, 20.0, 2
    try:
        work = _work(args)
        kinds = [KINDS[name] for name in args.servers.split(",")]
        failed = [_measure(args, replace(work, sync_ms=sync), kinds) for sync in map(float, args.sync.split(","))]
    except Missing as missing:
        print(f"This machine lacks {missing}", file=sys.stderr)
        return 2
    return int(any(failed))


def _measure(args: Namespace, work: Work, kinds: Sequence[Kind]) -> bool:
    trials: list[Trial] = []
    bad = 0
    for number in range(args.rounds):
        for kind in kinds:
            began = time.monotonic()
            result = tried(kind, work)
            bad += not result.proof.holds
            _say_trial(number, result, time.monotonic() - began)
            trials.append(Trial(number, kind.name, result.values))
            _keep(args, work, number, result)
    print(f"\nfsync {work.sync_ms:g} ms, {len(work.people):,} sockets, {args.rounds} rounds:", end="\n\n")
    print(table(trials, work.rate), flush=True)
    return bad > 0


def _work(args: Namespace) -> Work:
    work = crowd(args.sessions, args.cores)
    shapes = work.shapes
    print(
        f"A tap is {shapes['json'].per_tap:.1f} deliveries, of {shapes['json'].bytes_per_delivery:,.0f} bytes as JSON "
        f"and {shapes['html'].bytes_per_delivery:,.0f} as HTML."
    )
    if args.everybody:
        shapes = {form: told_to_everybody(shape) for form, shape in shapes.items()}
    return replace(
        work,
        shapes=shapes,
        out=min(args.out, args.sessions),
        warm=args.seconds / 3,
        closed=args.seconds,
        rate=args.rate,
        open=args.seconds,
        storm=args.storm,
    )


def _say_trial(number: int, result: Result, seconds: float) -> None:
    values, generator = result.values, result.values.get("generator", 0.0)
    said = (
        f"round {number + 1}  {result.kind:15} {values.get('taps_s', 0):7,.0f} taps/s  {seconds:5.1f} s  {result.proof}"
    )
    if generator > BUSY_GENERATOR:
        said += f"  (the generator used {generator:.0%} of its core)"
    if result.refusal:
        said += f"  (last refusal: {result.refusal})"
    print(said, flush=True)


def _keep(args: Namespace, work: Work, number: int, result: Result) -> None:
    if args.json:
        line = {"round": number, "sync_ms": work.sync_ms, "sockets": len(work.people), **asdict(result)}
        with Path(args.json).open("a") as file:
            file.write(json.dumps(line) + "\n")


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("--smoke", action="store_true", help="prove in half a minute that all of this still works")
    parser.add_argument("--servers", default=USUAL, help=f"some of {','.join(KINDS)}")
    parser.add_argument("--sessions", type=int, default=40, help="of twelve sockets each")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5, help="of each phase of a trial")
    parser.add_argument("--out", type=int, default=32, help="taps that are out at a time while a server is saturated")
    parser.add_argument("--rate", type=float, default=100.0, help="taps a second in the paced phase")
    parser.add_argument("--sync", default="0.1", help="milliseconds of an fsync, such as 0.1,2")
    parser.add_argument("--storm", type=int, default=-1, metavar="TAPS", help="cut everybody at once, so many taps out")
    parser.add_argument("--everybody", action="store_true", help="peers tell each tap to all twelve seats")
    parser.add_argument("--cores", default="", metavar="S,G", help="of the server and of the generator")
    parser.add_argument("--json", default="", metavar="FILE", help="add a line for each trial")
    return parser


if __name__ == "__main__":
    sys.exit(main())
