"""A moving window: what it allows is what counting everything would allow, and it forgets who is not there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from companion.live.pace import Pace, Rate

SEVERAL = Rate(3, 10)
ASKED = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 6)), max_size=60)


@given(ASKED)
def test_it_allows_what_counting_everything_would(asked: list[tuple[str, int]]) -> None:
    pace, allowed, now = Pace(SEVERAL), [], 0
    for who, later in asked:
        now += later
        lately = [at for one, at in allowed if one == who and at >= now - SEVERAL.seconds]
        expected = len(lately) < SEVERAL.amount
        if expected:
            allowed.append((who, now))

        assert pace.hit(who, now) is expected


def test_what_is_not_allowed_does_not_put_off_what_will_be() -> None:
    pace = Pace(SEVERAL)
    for at in (0, 0, 0, 5, 9, 10):
        pace.hit("a", at)

    assert pace.hit("a", 10.5)


def test_it_forgets_whoever_has_not_asked_for_a_while() -> None:
    pace = Pace(SEVERAL)
    for number in range(1000):
        pace.hit(f"early {number}", 0)

    pace.hit("later", 11)
    pace.hit("later", 22)

    assert [*pace._lately, *pace._before] == ["later"]
