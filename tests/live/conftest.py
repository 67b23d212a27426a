"""One served session a module, under watch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from companion.core.values import replace
from tests.live.evening import Served, free_port, lean_on, prepare
from tests.live.watched import Hands, Watched


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A session, with the clock in our hands so that nothing falls due and nobody is too fast."""
    data, port = tmp_path_factory.mktemp("evening"), free_port()
    hands = Hands(data / "clock")
    deps = replace(lean_on(data, port), clock=hands)
    ways = prepare(deps)
    with Served(data, port, clock=hands.file) as served:
        watched = Watched.open(served, deps, ways)
        yield watched
        watched.close()
