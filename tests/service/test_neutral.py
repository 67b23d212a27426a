"""S16: who glances at a list of letters, or at a locked screen, learns nothing. Every template, in every language."""

import importlib
import itertools
import pkgutil
import types
import typing
from datetime import UTC, datetime

import pytest

from companion import service, words
from companion.records import Group, GroupSettings, Notice, NoticeKind
from companion.service import letters, neutral
from companion.settings import Settings

GROUP = Group("1", "Riverside Women Tuesday circle", settings=GroupSettings(organisation="Lantern House"))
ALIASES = ("Wren", "Sol")
AT = datetime(2026, 3, 5, 19, 0, tzinfo=UTC)
CHANGES = [Notice("n", "1", "s", "", kind, 1, AT, AT, AT, "Sol") for kind in typing.get_args(NoticeKind)]
# What templates are given, by the names of their parameters, each in all its kinds: a new one needs its line here.
GIVEN = {
    "link": ["https://notes.example/i/abcdef"],
    "starts_at": [AT],
    "passcode": ["12345678"],
    "when": ["Thursday 5 March, 19:00"],
    "zone": ["Europe/London"],
    "minutes": [90],
    "notice": CHANGES,
    "text_message": [False, True],
    "group": [GROUP],
    "each_time": [True, False],
}


def templates():
    """Every function of the service that makes the words of a letter or a text."""
    found = []
    for module in pkgutil.iter_modules(service.__path__):
        made_there = vars(importlib.import_module(f"companion.service.{module.name}"))
        for name, made in made_there.items():
            own = isinstance(made, types.FunctionType) and made.__module__ == made_there["__name__"]
            if own and not name.startswith("_") and typing.get_type_hints(made).get("return") is letters.Text:
                found.append(pytest.param(made, id=f"{module.name}.{name}"))
    return found


@pytest.mark.parametrize("language", list(words.languages()))
@pytest.mark.parametrize("template", templates())
def test_no_letter_tells_at_a_glance_what_it_is_about(template, language):
    wanted = [name for name in typing.get_type_hints(template) if name != "return"]
    given = {**GIVEN, "language": [language]}

    for chosen in itertools.product(*(given[name] for name in wanted)):
        said = template(**dict(zip(wanted, chosen, strict=True)))

        found = neutral.betrays(
            subject=said.subject, sender=Settings().mail_from, body=said.body, group=GROUP, aliases=ALIASES
        )
        assert found == (), said


def test_there_are_templates_to_read():
    assert templates() != []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Support tonight", ("support",)),
        ("Your group session", ("group", "session")),
        ("MENTAL HEALTH", ("mental", "health")),
        ("Survivors' night", ("survivor",)),
        ("Cymorth i fenywod", ("cymorth",)),
        ("Eich grŵp nos Fawrth", ("grŵp",)),
        ("آپ کا گروپ", ("گروپ",)),
        ("مجموعة الدعم", ("دعم", "مجموعة")),
        ("والدعم", ("دعم",)),
        ("For your diary", ()),
        ("Here is what you asked for", ()),
        ("unsupported shelving", ()),
    ],
)
def test_words_that_tell_are_found_in_each_language(text, found):
    assert neutral.telling(text) == found


@pytest.mark.parametrize(
    ("letter", "found"),
    [
        ({"subject": "News of Lantern House"}, ("Lantern House", "Lantern", "House")),
        ({"subject": "Tuesday evening"}, ()),
        ({"subject": "From riverside"}, ("Riverside",)),
        ({"body": "Hello, Wren is waiting."}, ("Wren",)),
        ({"body": "Solid ground"}, ()),
        ({"body": "x" * 40 + " support"}, ()),
        ({"sender": "Lantern <hello@example.org>"}, ("Lantern",)),
    ],
)
def test_a_groups_own_words_are_found_at_a_glance_and_not_beyond(letter, found):
    assert neutral.betrays(**letter, group=GROUP, aliases=ALIASES) == found
