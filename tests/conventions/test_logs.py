"""How records are written: one line each where asked, and of a fault nothing that somebody has said."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from companion import logs
from companion.ports import StoreDown
from companion.settings import BadSetting, from_environment

ROOT = Path(__file__).parents[2]
SECRET = "zebrafish"
FORMS = {"text": logs.Text(logs.TEXT), "json": logs.JsonLines()}


def record(message: str, *args: object, fault: BaseException | None = None) -> logging.LogRecord:
    info = (type(fault), fault, fault.__traceback__) if fault is not None else None
    return logging.LogRecord("companion.taps", logging.INFO, "taps.py", 1, message, args, info)


def raised(how: Any) -> BaseException:
    try:
        how()
    except BaseException as fault:
        return fault
    raise AssertionError("nothing was raised")


def chained() -> None:
    try:
        {}[SECRET]
    except KeyError as error:
        raise StoreDown(f"the row of {SECRET}") from error


def noted() -> None:
    error = ValueError("bad")
    error.add_note(SECRET)
    raise error


FAULTS = {
    "a key": lambda: {}[SECRET],
    "no number": lambda: int(SECRET),
    "a file": lambda: Path(f"/nowhere/{SECRET}").read_text(),
    "a chain": chained,
    "a note": noted,
}


def test_a_record_is_one_line_with_its_stable_words_as_fields() -> None:
    line = FORMS["json"].format(record("refused reason=%s command=%s", "rules", "request_turn"))

    found = json.loads(line)
    assert "\n" not in line
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "info",
        "logger": "companion.taps",
        "message": "refused reason=rules command=request_turn",
        "reason": "rules",
        "command": "request_turn",
    }


def test_text_stays_as_it_was() -> None:
    assert (
        FORMS["text"].format(record("refused reason=%s", "rules")).endswith("companion.taps INFO refused reason=rules")
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_what_a_fault_says_of_its_values_is_not_written_down(form: str, fault: Any) -> None:
    found = raised(fault)
    assert SECRET in f"{found!r} {found.__cause__!r} {getattr(found, '__notes__', '')} {getattr(found, 'filename', '')}"

    written = FORMS[form].format(record("a fault of ours", fault=found))

    assert SECRET not in written
    assert type(found).__name__ in written
    assert "test_logs.py" in written


@pytest.mark.parametrize("form", FORMS)
def test_what_a_fault_says_of_the_program_is(form: str) -> None:
    written = FORMS[form].format(record("a fault of ours", fault=raised(lambda: None.no_such_thing)))  # type: ignore[attr-defined]

    assert "AttributeError: 'NoneType' object has no attribute 'no_such_thing'" in written


def test_a_fault_in_json_is_one_line_too() -> None:
    line = FORMS["json"].format(record("a fault of ours", fault=raised(chained)))

    found = json.loads(line)
    assert "\n" not in line
    assert found["fault"] == "StoreDown"
    assert [step for step in found["trace"] if not step.startswith("  ")] == [
        "Traceback (most recent call last):",
        "KeyError",
        "Traceback (most recent call last):",
        "companion.ports.troubles.StoreDown",
    ]


@pytest.mark.parametrize(("form", "expected"), [("text", " companion ERROR "), ("json", '"level":"error"')])
def test_all_loggers_write_so_once_it_has_begun(form: str, expected: str) -> None:
    program = f"""
import logging, warnings
from companion import logs
logs.begin({form!r})
try:
    {{}}[{SECRET!r}]
except KeyError:
    logging.getLogger("companion").exception("a regular task failed")
logging.getLogger("somebody.elses").warning("two\\nlines")
if {form!r} == "json":
    warnings.warn("an old way")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert expected in done.stderr
    assert SECRET not in done.stderr
    if form == "json":
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        assert [line["logger"] for line in lines] == ["companion", "somebody.elses", "py.warnings"]


def test_no_other_form_is_a_setting() -> None:
    assert from_environment({}).log == "text"
    assert from_environment({"COMPANION_LOG": "json"}).log == "json"
    with pytest.raises(BadSetting):
        from_environment({"COMPANION_LOG": "xml"})
