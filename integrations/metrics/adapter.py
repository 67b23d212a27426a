"""Counts what happens and writes it down as Prometheus reads it. It is given no id, no name and no words to leak."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily as Counter
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.core import HistogramMetricFamily as Histogram
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from companion.core.telling import MERGED, NAMED_REASONS, reason_told
from companion.ports import Gauges, Pages
from integrations.metrics.counting import Steps

TAPS = (1, 2, 4, 8, 16, 32, 64)  # in one commit
COMMIT_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
PANEL_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
NOT_SENT = "not_sent"


class PrometheusMeters:
    """Implements ports.Meters."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taps = {"done": 0, "refused": 0, NOT_SENT: 0}
        # Each is there from the start: that a row appears would be news as well.
        self._refusals = dict.fromkeys((*sorted(NAMED_REASONS), MERGED), 0)
        self._commit_taps, self._commit_seconds = Steps(TAPS), Steps(COMMIT_SECONDS)
        self._shown = Steps(PANEL_SECONDS)
        self._process = ProcessCollector(registry=None)

    def answered(self, code: str) -> None:
        outcome = "done" if not code else NOT_SENT if code == NOT_SENT else "refused"
        with self._guard:
            self._taps[outcome] += 1
            if code:
                self._refusals[reason_told(code)] += 1

    def refused(self, reason: str) -> None:
        with self._guard:
            self._refusals[reason_told(reason)] += 1

    def commit(self, taps: int) -> _Commit:
        return _Commit(self, taps)

    def committed(self, taps: int, seconds: float) -> None:
        """A commit has ended; ``taps``: how many are on disk by it."""
        with self._guard:
            self._commit_seconds.add((seconds,))
            if taps:
                self._commit_taps.add((taps,))

    def shown(self, seconds: Sequence[float]) -> None:
        with self._guard:
            self._shown.add(seconds)

    def page(self, gauges: Gauges) -> tuple[bytes, str]:
        with self._guard:
            counted = [*self._counted()]
        return generate_latest(_Page([*counted, *_gauges(gauges), *self._process.collect()])), CONTENT_TYPE_PLAIN_0_0_4

    def _counted(self) -> Iterator[Metric]:
        taps = Counter("companion_taps", "Taps that were answered, by what became of them.", labels=["outcome"])
        refusals = Counter("companion_refusals", "Refusals by code; all that tell of people are one.", labels=["code"])
        for outcome, count in self._taps.items():
            taps.add_metric([outcome], count)
        for code, count in self._refusals.items():
            refusals.add_metric([code], count)
        yield taps
        yield refusals
        yield _steps("companion_commit_taps", "Taps that shared a commit.", self._commit_taps)
        yield _steps("companion_commit_seconds", "How long a commit took.", self._commit_seconds)
        about = "From a tap to the moment in which its last panel was handed to the sockets."
        yield _steps("companion_tap_to_panel_seconds", about, self._shown)


class _Commit:
    """One commit under the clock."""

    __slots__ = ("_began", "_meters", "_taps")

    def __init__(self, meters: PrometheusMeters, taps: int) -> None:
        self._meters, self._taps, self._began = meters, taps, 0.0

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._taps:
            self._meters.committed(0 if kind else self._taps, time.perf_counter() - self._began)


class _Page(Collector):
    """What the library writes down."""

    def __init__(self, found: Sequence[Metric]) -> None:
        self._found = found

    def collect(self) -> Sequence[Metric]:
        return self._found


def _steps(name: str, about: str, steps: Steps) -> Metric:
    buckets, total = steps.read()
    return Histogram(name, about, buckets=buckets, sum_value=total)


def _gauges(gauges: Gauges) -> Iterator[Metric]:
    yield from _pages(gauges.pages)
    yield Gauge("companion_database_up", "Whether the database takes a tap.", value=gauges.outbox is not None)
    waiting = Gauge("companion_outbox_waiting", "What should have left a minute ago or more.", labels=["kind"])
    oldest = Gauge("companion_outbox_oldest_seconds", "How late the oldest of that is.", labels=["kind"])
    for kind, backlog in (gauges.outbox or {}).items():
        waiting.add_metric([kind], backlog.many)
        oldest.add_metric([kind], backlog.seconds)
    yield waiting
    yield oldest
    build = Gauge("companion_build_info", "What runs here.", labels=list(gauges.build))
    build.add_metric(list(gauges.build.values()), 1)
    yield build


def _pages(pages: Pages) -> Iterator[Metric]:
    yield Gauge("companion_sockets", "Connections that pages hold open to this node.", value=pages.sockets)
    about = "Connections whose client reads more slowly than it is sent to."
    yield Gauge("companion_backlog_sockets", about, value=pages.waiting_sockets)
    yield Gauge("companion_backlog_bytes", "What waits for them, in steps of 16 KiB.", value=pages.waiting_bytes)
    yield Counter("companion_slow_readers_cut", "Connections that were cut because nothing was read.", value=pages.cut)
