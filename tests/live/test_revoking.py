"""X6 over several processes: whoever is revoked in a terminal, or on another node, is cut where her page is open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.service.deps import Deps
from tests.live.evening import ROOT, Served, Way, free_port, lean_on, prepare
from tests.live.watched import bye
from tests.live.wire import Refused

PATIENCE = 20.0  # a slow machine under load; it is about half a second on an idle one


class TwoNodes:
    """Two servers in processes of their own on one database."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.one, self.other = Served(data, free_port()), Served(data, free_port())
        self.deps: Deps = lean_on(data, self.one.port)

    def people(self) -> dict[str, Way]:
        return prepare(self.deps)


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoNodes]:
    nodes = TwoNodes(tmp_path_factory.mktemp("nodes"))
    with nodes.one, nodes.other:
        yield nodes


def test_whoever_is_revoked_in_a_terminal_is_out_on_every_node(nodes: TwoNodes) -> None:
    ways = nodes.people()
    wren = ways["Wren"]
    pages = [served.connect(wren, form="json") for served in (nodes.one, nodes.other)]
    ash = nodes.one.connect(ways["Ash"], form="json")
    invite = nodes.deps.store.access(wren.access_id).invite_id  # type: ignore[union-attr]

    done = subprocess.run(
        [sys.executable, "-m", "companion.cli", "revoke", invite],
        cwd=ROOT,
        env={"COMPANION_DATA": str(nodes.data), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    for page in pages:
        page.until(lambda page=page: page.closed, "the end of her connection", PATIENCE)
        assert bye(page)["code"] == "access_expired"
    for served in (nodes.one, nodes.other):
        with pytest.raises(Refused) as refused:
            served.connect(wren)
        assert refused.value.data["message"] == "no_access"
    assert not ash.closed
    ash.close()


def test_whoever_is_removed_on_one_node_is_cut_on_the_other(nodes: TwoNodes) -> None:
    ways = nodes.people()
    wren = nodes.other.connect(ways["Wren"], form="json")
    sol = nodes.one.connect(ways["Sol"], form="json")

    assert sol.tap("remove_seat", seat=ways["Wren"].seat_id)["ok"]

    wren.until(lambda: wren.closed, "the end of her connection", PATIENCE)
    assert bye(wren)["code"] == "access_expired"
    assert not sol.closed
    sol.close()
