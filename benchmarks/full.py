"""``python -m benchmarks.full``: everything that docs/performance.md shows, in stages that can be run one by one.

Every trial is a line in a file, so a run that was cut short goes on where it was, and the page can be written anew.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.crowd import crowd
from benchmarks.goals import TWO
from benchmarks.native import HERE, WORK, Missing
from benchmarks.nodes import nodes_tried
from benchmarks.page import written
from benchmarks.proof import Proof
from benchmarks.servers import KINDS
from benchmarks.starting import started
from benchmarks.trial import Work, tried
from companion.core.values import replace

ALL = ("companion", "companion-json", "companion-gevent", "node", "node-group", "stock", "floor")
FAST = ("companion", "companion-json", "node", "node-group", "floor")
NODES_SESSIONS, NODES_ROUNDS = 40, 3
GROWING = ("companion", "companion-json", "node-group")


@dataclass(frozen=True, slots=True)
class Stage:
    """One question: asked of these servers, with crowds of these sizes and disks of these speeds."""

    name: str
    kinds: tuple[str, ...]
    sessions: tuple[int, ...]
    sync_ms: tuple[float, ...]
    rounds: int
    work: Callable[[Work, int], Work]


def saturated(work: Work, sessions: int) -> Work:
    """As many taps as a core can take, and then a few."""
    return replace(work, out=min(64, sessions), closed=2.0, open=2.0, rate=min(200.0, 2.0 * sessions))


def paced(work: Work, sessions: int) -> Work:
    """A full house on an ordinary evening: 200 taps a second."""
    return replace(work, warm=0.0, closed=0.0, open=10.0, rate=min(200.0, 2.0 * sessions))


def storms(work: Work, sessions: int) -> Work:
    """Everybody is cut at once, with a tap out in every tenth session, and comes back at once."""
    return replace(work, warm=0.0, closed=0.0, open=0.0, storm=max(1, sessions // 10))


def grown(work: Work, sessions: int) -> Work:
    """One tap at a time, whatever the size of the crowd: what does it cost?"""
    return replace(work, out=1, warm=0.3, closed=3.0, open=0.0)


STAGES = (
    Stage("saturated", ALL, (100,), (0.1, 2.0), 5, saturated),
    Stage("paced", FAST, (208, 833), (2.0,), 5, paced),
    Stage("storms", (*FAST, "stock"), (417,), (0.1,), 3, storms),
    Stage("grown", GROWING, (1, 10, 100, 1000), (0.1,), 3, grown),
)


def main(argv: Sequence[str] | None = None) -> int:
    """0 if every trial counts."""
    args = _parser().parse_args(argv)
    try:
        if "start" in args.stages:
            _start(args.file)
        failed = _nodes(args) if "nodes" in args.stages and not args.tiny else 0
        failed += sum(_run(stage, args) for stage in _chosen(args))
    except Missing as missing:
        print(f"This machine lacks {missing}", file=sys.stderr)
        return 2
    lines = [json.loads(line) for line in args.file.read_text().splitlines()]
    args.page.write_text(written(lines, args.page.with_suffix(".svg")))
    print(f"{args.page} is written.")
    return int(bool(failed))


def _chosen(args: Namespace) -> list[Stage]:
    stages = [stage for stage in STAGES if stage.name in args.stages]
    return [replace(stage, rounds=args.rounds) for stage in stages] if args.rounds else stages


def _start(file: Path) -> None:
    if ("start", 0, 0.0, 0, "companion") not in _done(file):
        line = {"stage": "start", "sessions": 0, "sync_ms": 0.0, "round": 0, "kind": "companion"}
        _add(file, {**line, "proof": asdict(Proof()), "values": started()})


def _nodes(args: Namespace) -> int:
    failed = 0
    work = replace(crowd(NODES_SESSIONS, args.cores), out=32, closed=3.0)
    for number in range(args.rounds or NODES_ROUNDS):
        if ("nodes", NODES_SESSIONS, work.sync_ms, number, TWO) not in _done(args.file):
            for result in nodes_tried(work, NODES_SESSIONS):
                print(f"nodes round {number + 1} {result.kind}", result.proof, flush=True)
                line = {"stage": "nodes", "sessions": NODES_SESSIONS, "sync_ms": work.sync_ms, "round": number}
                _add(args.file, {**line, **asdict(result)})
                failed += not result.proof.holds
    return failed


def _run(stage: Stage, args: Namespace) -> int:
    failed = 0
    file, cores, tiny = args.file, args.cores, args.tiny
    done = _done(file)
    for sessions in _sizes(stage, tiny, args.most):
        work = None
        for number, sync, kind in _trials(stage, tiny):
            if (stage.name, sessions, sync, number, kind) in done:
                continue
            work = work or crowd(sessions, cores)
            result = tried(KINDS[kind], replace(stage.work(work, sessions), sync_ms=sync))
            failed += not result.proof.holds
            said = f"{stage.name:10} {sessions:5} sessions  fsync {sync:4g} ms  round {number + 1}  {kind:15}"
            print(said, result.proof, flush=True)
            _add(file, {"stage": stage.name, "sessions": sessions, "sync_ms": sync, "round": number, **asdict(result)})
    return failed


def _sizes(stage: Stage, tiny: bool, most: int) -> tuple[int, ...]:
    if tiny:
        return tuple(range(1, len(stage.sessions) + 1))
    return tuple(dict.fromkeys(min(each, most) for each in stage.sessions))


def _trials(stage: Stage, tiny: bool) -> Iterator[tuple[int, float, str]]:
    kinds = [kind for kind in stage.kinds if not tiny or kind in ("companion-json", "node-group")]
    for number in range(1 if tiny else stage.rounds):
        for sync in stage.sync_ms[: 1 if tiny else None]:
            for kind in kinds:
                yield number, sync, kind


def _done(file: Path) -> set[tuple[str, int, float, int, str]]:
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return {(line["stage"], line["sessions"], line["sync_ms"], line["round"], line["kind"]) for line in lines}


def _add(file: Path, line: dict[str, object]) -> None:
    with file.open("a") as lines:
        lines.write(json.dumps(line) + "\n")


def _parser() -> ArgumentParser:
    names = ["start", "nodes", *(stage.name for stage in STAGES)]
    parser = ArgumentParser(prog="python -m benchmarks.full", description=main.__doc__)
    parser.add_argument("--stages", type=lambda text: text.split(","), default=names, help=",".join(names))
    parser.add_argument("--file", type=Path, default=WORK / "full.jsonl", help="of trials; remove it to begin anew")
    parser.add_argument("--page", type=Path, default=HERE.parent / "docs" / "performance.md")
    parser.add_argument("--rounds", type=int, default=0, help="in place of each stage's own number")
    parser.add_argument("--most", type=int, default=1000, metavar="SESSIONS", help="no crowd is larger")
    parser.add_argument("--cores", default="", metavar="S,G", help="of the server and of the generator")
    parser.add_argument(
        "--tiny", action="store_true", help="a few sessions and one round: does all of this still work?"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
