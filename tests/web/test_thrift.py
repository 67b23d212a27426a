"""Answers are packed, files once and for all, and mistakes too."""

from __future__ import annotations

import brotli
import pytest

from companion import drawing

BR = {"Accept-Encoding": "br"}


@pytest.mark.parametrize(("path", "status"), [("/i/abcdefghijklmnop", 200), ("/no-such-page", 404)])
def test_a_page_is_packed_whatever_it_says(browser, path, status):
    plain = browser.client.get(path)
    packed = browser.client.get(path, headers=BR)

    assert (plain.status_code, packed.status_code) == (status, status)
    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) * 2 < len(plain.data)


def test_a_file_is_packed_as_small_as_can_be_and_plain_for_whoever_cannot_unpack(browser):
    path = f"/static/{drawing.release()}/css/page.css"
    plain = browser.client.get(path)
    packed = browser.client.get(path, headers=BR)

    assert brotli.decompress(packed.data) == plain.data
    assert packed.data == brotli.compress(plain.data, quality=11)
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize("path", ["css/none.css", "../templates/base.html", "js", "css/%00", ""])
def test_what_is_no_file_of_ours_is_not_there(browser, path):
    assert browser.client.get(f"/static/{drawing.release()}/{path}").status_code == 404
    assert browser.client.get("/static/another/css/page.css").status_code == 404
