"""The living page of the design is there for whoever draws pages, and for nobody else."""

from __future__ import annotations

from companion.core.values import replace
from companion.web.looks import THEMES
from tests.web.conftest import Browser, make_app


def test_it_is_there_in_development_alone(world):
    assert make_app(world).test_client().get("/design").status_code == 404

    world.deps = replace(world.deps, settings=replace(world.deps.settings, development=True))
    page = Browser(make_app(world)).open("/design")

    for theme in THEMES[1:]:
        assert len(page.all("section", **{"data-theme": theme})) == 2, "as it is, and with strong contrast"
