"""Our privacy alarm: the view of each role in the half-finished session, kept as JSON in `approved/`.

Any change to what somebody can see turns up in review as a diff. After reading that diff, approve it with
`APPROVE=1 make test ARGS=tests/core/test_approved_views.py`.
"""

import json
import os
from pathlib import Path

import msgspec
import pytest

from companion.core.views import panel_for
from tests.core.builders import a_half_finished_session, line, speaker

APPROVED = Path(__file__).parent / "approved"
VIEWS = {
    "facilitator": "sol",
    "peer_supporter": "pia",
    "tech_helper": "kit",
    "member_who_speaks": "wren",
    "member_who_waits": "ash",
    "member_on_a_break": "fern",
    "member_who_asked_for_a_one_to_one": "briar",
    "member_with_a_ticket": "moss",
    "member_who_listens": "heath",
    "member_at_the_door": "lark",
}


def as_json(seat):
    view = msgspec.to_builtins(panel_for(a_half_finished_session(), seat))
    return json.dumps(view, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(("name", "seat"), VIEWS.items(), ids=VIEWS)
def test_everybody_sees_what_was_approved_and_nothing_else(name, seat):
    seen, approved = as_json(seat), APPROVED / f"{name}.json"
    if os.environ.get("APPROVE") == "1":
        approved.write_text(seen, encoding="utf-8")

    assert seen == approved.read_text(encoding="utf-8")


def test_every_approved_view_is_still_looked_at():
    assert {path.stem for path in APPROVED.iterdir()} == set(VIEWS)


def test_the_half_finished_session_is_what_the_demo_needs():
    state = a_half_finished_session()

    assert (speaker(state), line(state)) == ("Wren", ["Ash", "Fern"])
    assert (len(state.signals), len(state.breakouts), len(state.tickets)) == (1, 1, 1)


def test_it_is_the_same_session_every_time():
    assert a_half_finished_session() == a_half_finished_session()
