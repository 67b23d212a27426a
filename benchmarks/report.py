"""What many trials say together: medians with their spread, and ratios of trials that stood beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.servers import KINDS

BASES = ("node", "node-group", "floor")


@dataclass(frozen=True, slots=True)
class Spread:
    """A median, and the least and the most of what it is of."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread | None:
        """None where there is nothing to say."""
        found = sorted(values)
        return cls(median(found), found[0], found[-1]) if found else None

    def __str__(self) -> str:
        return f"{_short(self.middle)} ({_short(self.least)}-{_short(self.most)})"


@dataclass(frozen=True, slots=True)
class Trial:
    """The numbers of one server in one round."""

    round: int
    kind: str
    values: dict[str, float]


def spread(trials: Sequence[Trial], kind: str, name: str) -> Spread | None:
    """One number of one server over all rounds."""
    return Spread.of(trial.values[name] for trial in trials if trial.kind == kind and name in trial.values)


def ratio(trials: Sequence[Trial], kind: str, base: str, name: str) -> Spread | None:
    """The ratio of two servers, taken within each round."""
    bases = {trial.round: trial.values.get(name, 0.0) for trial in trials if trial.kind == base}
    mine = [trial for trial in trials if trial.kind == kind and name in trial.values and bases.get(trial.round)]
    return Spread.of(trial.values[name] / bases[trial.round] for trial in mine)


def table(trials: Sequence[Trial], rate: float) -> str:
    """One row a server, in Markdown."""
    kinds = [kind for kind in KINDS if any(trial.kind == kind for trial in trials)]
    bases = [base for base in BASES if base in kinds]
    head = ["Server", "taps/s", *(f"of {base}" for base in bases), "CPU µs a tap", *(["of node"] * ("node" in kinds))]
    head += ["µs a delivery", f"p50 ms at {rate:g}/s", "p99 ms", "longest ms", "kB a socket", "bytes a delivery"]
    rows = [[KINDS[kind].title, *_row(trials, kind, bases, "node" in kinds)] for kind in kinds]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(trials: Sequence[Trial], kind: str, bases: Sequence[str], with_node: bool) -> list[str]:
    found = [spread(trials, kind, "taps_s"), *(ratio(trials, kind, base, "taps_s") for base in bases)]
    found += [spread(trials, kind, "us_tap"), *([ratio(trials, kind, "node", "us_tap")] * with_node)]
    names = ("us_delivery", "all_p50_ms", "all_p99_ms", "all_max_ms", "kB_per_socket", "bytes_delivery")
    return ["-" if each is None else str(each) for each in (*found, *(spread(trials, kind, name) for name in names))]


def _short(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}" if value < 10 else f"{value:.1f}"
