"""docs/performance.md, made of the trials of ``make bench-full``, with a drawing of how the cost grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.goals import ONE, TWO, goals
from benchmarks.native import HERE
from benchmarks.people import SEATS
from benchmarks.plot import drawn_lines
from benchmarks.report import Spread, Trial, ratio, spread
from benchmarks.servers import KINDS

Line = dict[str, Any]
Cell = Callable[[Sequence[Trial], str], Spread | None]


def written(lines: Sequence[Line], picture: Path) -> str:
    """The text of the page; ``picture`` is written too, where there is something to draw."""
    text = (HERE / "page.md").read_text()
    for stage, table in (
        ("saturated", _saturated),
        ("paced", _paced),
        ("storms", _storms),
        ("grown", _grown),
        ("nodes", _nodes),
    ):
        text = text.replace(f"<!-- {stage} -->", table([line for line in lines if line["stage"] == stage]))
    text = text.replace("<!-- lost -->", _lost(lines))
    text = text.replace(
        "<!-- goals -->", _markdown(["Goal", "wanted", "found", ""], [goal.row() for goal in goals(lines)])
    )
    curves = _curves([line for line in lines if line["stage"] == "grown"])
    if curves:
        picture.write_text(drawn_lines(curves, "sessions of twelve", "CPU µs a tap, of the smallest crowd = 1"))
    return text


def _saturated(lines: Sequence[Line]) -> str:
    parts = []
    for sync in sorted({line["sync_ms"] for line in lines}):
        trials = _trials([line for line in lines if line["sync_ms"] == sync])
        columns: list[tuple[str, Cell]] = [
            ("of Node, a commit per tap", _of("node", "taps_s")),
            ("of Node, group commit", _of("node-group", "taps_s")),
            ("of C, group commit", _of("floor", "taps_s")),
            ("CPU a tap, of Node's", _of("node", "us_tap")),
            ("CPU µs a delivery", _plain("us_delivery")),
            ("taps/s here, that day", _plain("taps_s")),
        ]
        parts.append(f"**fsync {sync:g} ms**\n\n{_table(trials, columns)}")
    return "\n\n".join(parts)


def _paced(lines: Sequence[Line]) -> str:
    parts = []
    for sessions in sorted({line["sessions"] for line in lines}):
        trials = [line for line in lines if line["sessions"] == sessions]
        parts.append(f"**{SEATS * sessions:,} sockets**\n\n{_evening(trials)}")
    return "\n\n".join(parts)


def _evening(lines: Sequence[Line]) -> str:
    columns: list[tuple[str, Cell]] = [
        ("p50 ms", _plain("all_p50_ms")),
        ("p99 ms", _plain("all_p99_ms")),
        ("longest ms", _plain("all_max_ms")),
        ("p99, of Node's", _of("node", "all_p99_ms")),
        ("kB a socket", _plain("kB_per_socket")),
    ]
    late = [line for line in lines if any(line["proof"].values())]
    said = "".join(
        f"\n\n{KINDS[line['kind']].title} did not keep up: {line['proof']['cut']:,} pages were cut for silence."
        for line in late
    )
    return _table(_trials(lines), columns) + said


def _storms(lines: Sequence[Line]) -> str:
    return _table(_trials(lines), [("seconds", _plain("storm_s")), ("of Node's", _of("node", "storm_s"))])


def _grown(lines: Sequence[Line]) -> str:
    sizes = sorted({line["sessions"] for line in lines})
    trials = {size: _trials([line for line in lines if line["sessions"] == size]) for size in sizes}
    head = ["CPU µs a tap", *(f"{size:,} sessions" for size in sizes)]
    rows = [
        [KINDS[kind].title, *(str(spread(trials[size], kind, "us_tap") or "-") for size in sizes)]
        for kind in _kinds(_trials(lines))
    ]
    return _markdown(head, rows)


def _nodes(lines: Sequence[Line]) -> str:
    trials = _trials(lines)
    rows = [[kind, *(str(spread(trials, kind, name) or "-") for name in ("taps_s", "us_tap"))] for kind in (ONE, TWO)]
    rows[1][1] += f", {ratio(trials, TWO, ONE, 'taps_s') or '-'} of one"
    return _markdown(["On one core", "taps/s here, that day", "CPU µs a tap"], rows)


def _curves(lines: Sequence[Line]) -> dict[str, list[tuple[float, float]]]:
    curves: dict[str, list[tuple[float, float]]] = {}
    for kind in _kinds(_trials(lines)):
        for size in sorted({line["sessions"] for line in lines}):
            found = spread(_trials([line for line in lines if line["sessions"] == size]), kind, "us_tap")
            if found:
                curves.setdefault(KINDS[kind].title, []).append((size, found.middle))
    return {title: [(x, y / points[0][1]) for x, y in points] for title, points in curves.items()}


def _lost(lines: Sequence[Line]) -> str:
    bad = [line for line in lines if any(line["proof"].values())]
    taps = f"{len(lines)} trials"
    return (
        f"Of {taps}, {len(bad)} lost, doubled or left behind anything."
        if bad
        else f"In none of {taps} was anything lost."
    )


def _trials(lines: Sequence[Line]) -> list[Trial]:
    return [Trial(line["round"], line["kind"], line["values"]) for line in lines]


def _kinds(trials: Sequence[Trial]) -> list[str]:
    return [kind for kind in KINDS if any(trial.kind == kind for trial in trials)]


def _plain(name: str) -> Cell:
    return lambda trials, kind: spread(trials, kind, name)


def _of(base: str, name: str) -> Cell:
    return lambda trials, kind: ratio(trials, kind, base, name)


def _table(trials: Sequence[Trial], columns: Sequence[tuple[str, Cell]]) -> str:
    rows = [[KINDS[kind].title, *(str(cell(trials, kind) or "-") for _, cell in columns)] for kind in _kinds(trials)]
    return _markdown(["Server", *(title for title, _ in columns)], rows)


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows))
