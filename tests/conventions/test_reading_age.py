"""A10: whoever reads little can read it. Sentences are measured as Flesch and Kincaid do."""

import re
from pathlib import Path

import pyphen
import pytest

from companion.commands_line import translating

ROOT = Path(__file__).parents[2]
SYLLABLES = pyphen.Pyphen(lang="en_GB")
OLDEST = 11.0  # years; a grade is about five years less
# What people of a group say about themselves and what it is called cannot be made shorter.
KNOWN = {"facilitator", "facilitators", "agreement", "supporter", "supporters", "one-to-one", "one-to-ones"}


def pages():
    """The sentences of each template, as they are read: labels stand alone, with a full stop."""
    found = {}
    for message in translating.sentences():
        if message.id:
            text = message.id if isinstance(message.id, str) else message.id[0]
            for file, _ in message.locations:
                found.setdefault(file, []).append(text)
    return {file: texts for file, texts in sorted(found.items()) if sum(len(text.split()) for text in texts) >= 40}


PAGES = pages()


def age(texts):
    """Years of age at which these words are easy, after Flesch and Kincaid."""
    plain = [re.sub(r"%\(\w+\)s|[“”\"]", "", text) for text in texts]
    sentences = [part for text in plain for part in re.split(r"[.!?:;]\s*", text) if re.search(r"\w", part)]
    words = [word for part in sentences for word in re.findall(r"[A-Za-z'-]+", part) if word.lower() not in KNOWN]
    syllables = sum(spoken(word.lower()) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59 + 5


def spoken(word):
    """Syllables: where the word may be broken, or by its vowels where that gives more. A silent e is none."""
    vowels = len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^aeiouyl])e$", "", word)))
    return max(len(SYLLABLES.positions(word)) + 1, vowels)


@pytest.mark.parametrize("file", PAGES, ids=str)
def test_a_page_reads_at_eleven(file):
    assert age(PAGES[file]) <= OLDEST


def test_the_measure_tells_hard_from_easy():
    easy = age(["You can say no. Nobody asks why. We are here for you."])
    hard = age(["Participants experiencing technical difficulties should communicate immediately with administrators."])

    assert easy < 8 < OLDEST < hard
