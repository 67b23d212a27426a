"""Names for an evening."""

import pytest

from companion.service.aliases import LONGEST, cleaned, suggestions, warning


def test_suggestions_are_short_different_and_give_nobody_away():
    found = suggestions(50)

    assert len(set(found)) == 50
    assert all(len(alias) <= LONGEST and warning(alias, "Mary Woodland-Smythe") != "year" for alias in found)


@pytest.mark.parametrize(
    ("alias", "why"),
    [
        ("Wren", None),
        ("Quiet Heron", None),
        ("Amina", "own_name"),
        ("amina k", "own_name"),
        ("AminaRose", "own_name"),
        ("Mrs Okafor", "own_name"),
        ("Zoe", None),
        ("Élodie", None),
        ("Wren 1987", "year"),
        ("Wren2004", "year"),
        ("Wren ١٩٨٧", "year"),
        ("Wren 66", None),
        ("Wren 12019", None),
        ("SW1A 1AA", "postcode"),
        ("me in m11ae", "postcode"),
    ],
)
def test_a_name_that_gives_her_away_is_noticed(alias, why):
    assert warning(alias, "Amina Okafor") == why


def test_accents_and_short_names_do_not_hide_a_name():
    assert warning("Zoe", "Zoë Li") == "own_name"
    assert warning("Li", "Zoë Li") == "own_name"
    assert warning("Lilac Kite", "Zoë Li") is None


def test_a_name_is_one_visible_line():
    assert cleaned("  Wren\u202e\n of  the\twood ") == "Wren of the wood"
    assert len(cleaned("w" * 500)) == LONGEST
    assert cleaned("\u200b \u2066") == ""
