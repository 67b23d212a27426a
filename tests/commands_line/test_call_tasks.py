"""What platforms have not been told, in a terminal and by the doctor: with the next thing to do, and nothing secret."""

import pytest

from companion.commands_line import doctor
from companion.records import CallTask
from companion.service import call_tasks
from companion.service.calling import CallLines


@pytest.fixture
def failed(say, deps):
    """The account is gone, so that nobody can stop this call from here."""
    group = say("group", "add", "Tuesday circle")
    session = say("session", "add", group, "2036-07-03T19:00")
    call_tasks.post(deps, "stop", "gone", session, "SECRET-REF-1")
    CallLines().round(deps)
    (task,) = deps.store.shelf(CallTask).find()
    return task


def test_they_are_listed_with_what_to_do_and_can_be_asked_again_or_forgotten(say, deps, failed):
    line = say("call", "tasks")

    assert line.startswith(f"{failed.id}  {failed.session_id}  2036-07-03 18:00 UTC: the call may still be going on; ")
    assert line.endswith("look at the account there, then --again or --done. this account was taken away")
    assert "SECRET" not in line
    assert say("call", "tasks", "--again", failed.id) == "Every platform has been told everything."
    CallLines().round(deps)
    assert say("call", "tasks", "--done", failed.id) == "Every platform has been told everything."
    assert deps.store.shelf(CallTask).find() == []
    assert say("call", "tasks", "--done", failed.id) == f"1: There is nothing {failed.id} to do."


def test_the_doctor_says_that_something_is_to_be_mended(say, deps, failed, home):
    found = [one for one in doctor.look({"COMPANION_DATA": str(home)}) if one.about == "calls"]

    assert [(one.mark, one.say) for one in found] == [
        ("bad", "not told to platforms in time: 1. See companion call tasks")
    ]


def test_the_doctor_is_silent_where_all_is_told(say, home):
    say("group", "list")

    assert [one for one in doctor.look({"COMPANION_DATA": str(home)}) if one.about == "calls"] == []
