"""Counting in passing: what Prometheus and the fake have seen, from many threads, and nothing finer than a step."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client.parser import text_string_to_metric_families

from companion.ports import Backlog, Gauges, NoMeters, Pages
from integrations.metrics.adapter import PANEL_SECONDS, PrometheusMeters
from integrations.metrics.counting import Steps
from integrations.metrics.fake import FakeMeters

NOTHING = Gauges()


def numbers(meters, gauges=NOTHING):
    page, _ = meters.page(gauges)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("kind", [PrometheusMeters, FakeMeters, NoMeters])
def test_everybody_counts_and_nobody_fails(kind):
    meters = kind()

    meters.answered("")
    meters.refused("a_reason_of_tomorrow")
    meters.shown([0.02, 99.0])
    with meters.commit(3):
        pass
    with pytest.raises(KeyError), meters.commit(1):
        raise KeyError("not ours")

    assert isinstance(meters.page(Gauges())[0], bytes)


def test_a_commit_that_failed_took_its_time_and_holds_no_tap():
    meters = PrometheusMeters()

    with meters.commit(3):
        pass
    with pytest.raises(OSError), meters.commit(5):
        raise OSError
    with meters.commit(0):
        pass

    found = numbers(meters)
    assert (found[("companion_commit_seconds_count",)], found[("companion_commit_taps_count",)]) == (2, 1)
    assert found[("companion_commit_taps_bucket", "2")] == 0
    assert found[("companion_commit_taps_bucket", "4")] == 1


def test_two_taps_within_a_step_cannot_be_told_apart():
    quick, slow = PrometheusMeters(), PrometheusMeters()

    quick.shown([0.0101])
    slow.shown([0.0249])

    assert without_process(numbers(quick)) == without_process(numbers(slow))
    assert numbers(quick)[("companion_tap_to_panel_seconds_sum",)] == 0.025


@pytest.mark.parametrize("value", [0.0, 0.01, 0.011, 10.0, 10.1, 1e9])
def test_a_time_counts_as_the_end_of_its_step(value):
    steps = Steps(PANEL_SECONDS)

    steps.add([value])

    buckets, total = steps.read()
    first = next(float(end) for end, count in buckets if count)
    assert value <= first
    assert total == (first if first <= 10 else 10.0)
    assert buckets[-1] == ("+Inf", 1.0)


def test_many_threads_lose_no_tap():
    meters = PrometheusMeters()

    def tap(_):
        for _ in range(500):
            meters.answered("")
            meters.answered("no_signal")
            with meters.commit(1):
                pass
            meters.shown([0.001])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tap, range(8)))

    found = numbers(meters)
    assert found[("companion_taps_total", "done")] == found[("companion_refusals_total", "rules")] == 4000
    assert found[("companion_commit_taps_count",)] == found[("companion_tap_to_panel_seconds_count",)] == 4000


def test_what_stands_just_now_is_written_down():
    gauges = Gauges(Pages(7, 2, 32_768, 1), {"mail": Backlog(3, 90.0)}, {"files": "abc"})

    found = numbers(PrometheusMeters(), gauges)

    assert found[("companion_sockets",)] == 7
    assert (found[("companion_backlog_sockets",)], found[("companion_backlog_bytes",)]) == (2, 32_768)
    assert found[("companion_slow_readers_cut_total",)] == 1
    assert found[("companion_outbox_waiting", "mail")] == 3
    assert found[("companion_outbox_oldest_seconds", "mail")] == 90
    assert found[("companion_build_info", "abc")] == 1


def without_process(found):
    """The library's own numbers of the process go on by themselves."""
    return {key: value for key, value in found.items() if not key[0].startswith("process_")}
