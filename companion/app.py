"""Makes the application: registers the pages, connects Socket.IO, and returns."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from companion import drawing, words
from companion.kept_parts import KeptParts
from companion.live.wire import attach
from companion.service.deps import Deps
from companion.web import (
    about,
    acts,
    api_join,
    beside,
    design,
    desk_feeds,
    errors,
    files,
    guards,
    health,
    hooks,
    joining,
    languages,
    leaving,
    line,
    looks,
    metrics,
    organiser,
    room_gate,
    seat,
    steps,
    surroundings,
    thrift,
    zoom_app,
)
from companion.web.cookies import access_cookie
from companion.web.staff import blueprint as staff
from companion.web.throttle import limiter

csrf = CSRFProtect()
babel = Babel()


def create_app(deps: Deps, *, async_mode: str = "threading", node: str = "here") -> Flask:
    """The application around these dependencies. ``async_mode`` is the server that will run it."""
    app = Flask("companion", static_folder=None, template_folder=str(drawing.TEMPLATES))
    app.debug = False  # FLASK_DEBUG in somebody's environment would show people's words in error pages
    app.config.update(_config(deps))
    thrift.init_app(app)
    _templates(app)
    live = attach(app, deps, async_mode=async_mode, node=node, cookie_name=access_cookie(deps.settings))
    app.extensions["companion"] = live
    csrf.init_app(app)
    babel.init_app(app, locale_selector=languages.language)
    limiter.init_app(app)
    _register(app)
    if deps.settings.trusted_proxies:
        hops = deps.settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _config(deps: Deps) -> dict[str, Any]:
    return {
        "DEBUG": False,  # whatever FLASK_DEBUG says: its pages show what went through the program
        "SECRET_KEY": deps.sealer.signing("browser session").hex(),
        "MAX_CONTENT_LENGTH": guards.LONGEST_FORM,
        "SESSION_COOKIE_NAME": "__Host-desk" if deps.settings.secure else "desk",
        "SESSION_COOKIE_SECURE": deps.settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        # Its own check wants a Referer, which our pages never send.
        "WTF_CSRF_SSL_STRICT": False,
        "RATELIMIT_STORAGE_OPTIONS": {"tallies": deps.tallies},
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_TRANSLATION_DIRECTORIES": str(words.CATALOGUES),
    }


def _templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.add_extension(KeptParts)
    app.jinja_env.globals.update(drawing.GLOBALS)


def _register(app: Flask) -> None:
    for module in (
        guards,
        leaving,
        surroundings,
        looks,
        thrift,
        errors,
        files,
        health,
        metrics,
        hooks,
        room_gate,
        line,
        about,
        design,
        joining,
        steps,
        api_join,
        seat,
        beside,
        acts,
        organiser,
        staff,
        zoom_app,
    ):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(desk_feeds.public)
    # Their forms also stand in regions that are drawn in somebody else's tap and so carry no token of a browser; where
    # they come from is checked instead (guards.check_form_origin). The JSON twin of joining takes no cookie at all,
    # and text gateways sign what they report, as the phone line does. A Jitsi server shows a token of its own.
    for module in (acts, leaving, api_join, hooks, room_gate, line):
        csrf.exempt(module.blueprint)
