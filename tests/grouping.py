"""Which tests stay together when two processes share the work: those of one file, for which a server may be running.

Two files are too long for that. test_pages.py looks once at each page for all its tests; each test of test_access.py
opens a page of its own. pytest-xdist's own marks for groups have no effect with pytest 9.2.
"""

from __future__ import annotations

import re

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ONE_BY_ONE = "tests/browser/test_access.py"
BY_PAGE = re.compile(r"tests/browser/test_pages\.py::\w+\[([\w-]+)\]")


class Grouped(LoadScopeScheduling):
    """Sends a file, or what belongs to one page, to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """The name that tests which stay together share."""
    page = BY_PAGE.match(nodeid)
    if page:
        return page[1]
    return nodeid if nodeid.startswith(ONE_BY_ONE) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Grouped:
    """In the order of the files, browsers first: a long file that came last would keep one process waiting."""
    config.option.loadscopereorder = False
    return Grouped(config, log)
