"""Sheets of people, as the programs that save them write them."""

from __future__ import annotations

import pytest

from companion.service.sheets import LONGEST, MOST_ROWS, CannotRead, Row, read


def cells(content: bytes) -> list[dict[str, str]]:
    return [row.cells for row in read(content).rows]


def problem(content: bytes) -> str:
    with pytest.raises(CannotRead) as cannot:
        read(content)
    return cannot.value.problem


HER = [{"name": "Siân Müller", "email": "her@example.org"}]


@pytest.mark.parametrize(
    "content",
    [
        "Name,E-mail\nSiân Müller,her@example.org\n".encode(),
        "\ufeffName,E-mail\r\nSiân Müller,her@example.org\r\n".encode(),
        "Name;E-mail\nSiân Müller;her@example.org\n".encode("cp1252"),
        "Name\tE-mail\rSiân Müller\ther@example.org".encode(),
        "Name\tE-mail\r\nSiân Müller\ther@example.org\r\n".encode("utf-16"),
        '"Full Name","Email address"\n"Siân\n  Müller","her@example.org"\n'.encode(),
        "first_name;surname;MAIL:\n\nSiân;Müller;her@example.org\n;;\n".encode(),
    ],
)
def test_letters_cells_and_headings_are_understood_in_every_usual_way(content):
    assert cells(content) == HER


def test_a_row_is_found_by_the_line_on_which_it_begins():
    sheet = read(b'name,alias\n"Ash\nLongname",Ash\n\nFern,Fern\n')

    assert [row.line for row in sheet.rows] == [2, 5]


def test_a_row_that_is_too_short_or_too_long_is_read_as_far_as_it_goes():
    assert cells(b"name,alias\nAsh\nFern,Fern,more,and more\n") == [
        {"name": "Ash"},
        {"name": "Fern", "alias": "Fern"},
    ]


def test_columns_that_nobody_knows_are_left_out_and_named():
    sheet = read(b"name,Diagnosis,,shoe size\nAsh,secret,x,38\n")

    assert (sheet.unknown, sheet.rows) == (("Diagnosis", "shoe size"), (Row(2, {"name": "Ash"}),))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("=HYPERLINK(1)", "HYPERLINK(1)"),
        ("@SUM(A1)", "SUM(A1)"),
        ("+-=1", "1"),
        ("-Ash", "Ash"),
        ("= =cmd", "cmd"),
    ],
)
def test_what_a_program_would_run_is_only_words(typed, kept):
    (row,) = read(f"name\n{typed}\n".encode()).rows

    assert row == Row(2, {"name": kept}, neutralised=True)


def test_a_plus_before_a_number_stays():
    assert read(b"name,phone\nAsh,+44 20 7946 0001\n").rows == (Row(2, {"name": "Ash", "phone": "+44 20 7946 0001"}),)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b",,\n,,\n", "empty"),
        (b"x" * (LONGEST + 1), "too_large"),
        (b"PK\x03\x04\x00\x00name", "not_a_sheet"),
        (b"\xff\xfen", "not_a_sheet"),
        (b"name\n\x81\n", "not_a_sheet"),
        (b'name\n"Ash', "not_a_sheet"),
        (b'name\n"Ash"x', "not_a_sheet"),
        (b"name\n" + b"x" * 200_000, "not_a_sheet"),
        (b"alias,email\nAsh,her@example.org\n", "no_names"),
        (b"name\n" + b"Ash\n" * (MOST_ROWS + 1), "too_many_rows"),
    ],
)
def test_a_file_of_no_use_says_why(content, why):
    assert problem(content) == why
