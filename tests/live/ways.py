"""The ways in which a node can run: either server, with the short way out to WebSockets or without."""

from __future__ import annotations

import pytest

WAYS = {
    f"{server}, {fastpath}": {"COMPANION_SERVER": server, "COMPANION_FASTPATH": fastpath}
    for server in ("eventlet", "gevent")
    for fastpath in ("on", "off")
}
EVERY_WAY = [pytest.param(settings, id=name) for name, settings in WAYS.items()]
SHORT_WAYS = [pytest.param(settings, id=name) for name, settings in WAYS.items() if name.endswith("on")]
