"""No sentence of a page is missing in any language, and none has lost a name that belongs in it."""

import re

import pytest

from companion import words
from companion.commands_line import translating

CATALOGUES = translating.catalogues()
HOLE = re.compile(r"%\(\w+\)s|%%|\{\w+\}")
PROMISED = {"cy", "ur", "ar"}


def code(path):
    return path.parts[-3]


def test_the_languages_that_are_promised_are_there():
    assert {code(path) for path in CATALOGUES} >= PROMISED
    assert set(words.languages()) == {"en", *(code(path) for path in CATALOGUES)}


@pytest.mark.parametrize("path", CATALOGUES, ids=code)
def test_no_sentence_is_missing(path):
    assert list(translating.gaps(path)) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=code)
def test_a_catalogue_is_as_the_pages_are(path):
    kept = {message.id for message in translating.read(path)}

    assert kept == {message.id for message in translating.updated(path)}, "companion translate update"
    assert not translating.read(path).obsolete


@pytest.mark.parametrize("path", CATALOGUES, ids=code)
def test_what_is_filled_in_stands_in_every_sentence(path):
    lost = []
    for message in translating.read(path):
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        known = {hole for one in ids for hole in HOLE.findall(one)}
        needed = set(HOLE.findall(ids[-1]))
        for string in strings:
            found = set(HOLE.findall(string))
            # A form for exactly one or two may say the number as a word.
            if not found <= known or (needed - found and (len(strings) == 1 or needed - found != {"%(num)s"})):
                lost.append((ids[0], string))

    assert lost == []


@pytest.mark.parametrize("path", CATALOGUES, ids=code)
def test_nothing_is_left_in_english(path):
    # What is the same in both is a name, a number or a sign.
    same = {
        message.id
        for message in translating.read(path)
        if message.id == message.string and len(re.findall(r"[A-Za-z]{3,}", message.id)) > 1
    }

    assert same == set()


@pytest.mark.parametrize("path", CATALOGUES, ids=code)
def test_a_language_without_a_native_reader_says_so(path):
    head = path.read_text()[:400]

    assert (translating.AWAITING in head) == (code(path) in {"cy", "ur", "ar"})


def test_direction_and_own_name_are_known():
    assert [words.direction(one) for one in ("en", "cy", "ur", "ar")] == ["ltr", "ltr", "rtl", "rtl"]
    assert words.languages()["cy"] == "Cymraeg"


def test_a_language_can_be_begun_by_one_command(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(words, "CATALOGUES", tmp_path)

    assert translating.begin("so") == 0
    assert translating.begin("so") == 1
    assert translating.begin("xx-nowhere") == 1

    path = tmp_path / "so" / "LC_MESSAGES" / "messages.po"
    assert len(list(translating.gaps(path))) == len([one for one in translating.sentences() if one.id])
    assert "sentences to translate" in capsys.readouterr().out


def test_a_gap_is_found(tmp_path):
    path = tmp_path / "cy" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    path.write_text(f'{head}\nmsgid "Leave quickly"\nmsgstr ""\n')

    assert "Leave quickly" in list(translating.gaps(path))
