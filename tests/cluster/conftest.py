"""One cluster for all; each test has a session of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.cluster import Cluster, Evening


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two nodes, PostgreSQL, Redis and nginx."""
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def evening(cluster: Cluster) -> Iterator[Evening]:
    """A session of seven people."""
    evening = cluster.evening()
    yield evening
    cluster.mend()
    evening.close()
