"""Evenings that several files of tests begin with."""

import pytest

from tests.service.by_line import Evening


@pytest.fixture
def evening():
    """With a telephone line, and nobody who has called it yet."""
    return Evening()


@pytest.fixture
def inside(evening):
    """The same once Wren is in the room by her telephone."""
    evening.come_in()
    return evening
