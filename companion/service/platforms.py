"""Accounts with those who hold calls: kept once they can sign, chosen by groups, and taken away with their secrets."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Group, Platform, PlatformKind
from companion.service import group_settings
from companion.service.deps import Deps


class BadPlatform(Exception):
    """It cannot be kept as it is; nothing was. ``problem`` is a code, such as weak_secret."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def add(deps: Deps, kind: PlatformKind, name: str, address: str, account: str, secret: str, **more: str) -> Platform:
    """Keep an account. Raises BadPlatform."""
    if not _is_an_address(address):
        raise BadPlatform("not_https")
    made = Platform(deps.fresh_id(), kind, name, address.rstrip("/"), account, secret, deps.clock(), more)
    wrong = deps.calls.on(made).check()
    if wrong:
        raise BadPlatform(wrong)
    deps.store.shelf(Platform).put(made)
    return made


def every(deps: Deps) -> Sequence[Platform]:
    """All accounts, in the order in which they were kept."""
    return sorted(deps.store.shelf(Platform).find(), key=lambda one: (one.made_at, one.id))


def choose(deps: Deps, group_id: str, platform_id: str) -> Group:
    """Hold a group's calls there from now on; with no id, at the addresses that it gave. Raises Refused."""
    if platform_id and deps.store.shelf(Platform).get(platform_id) is None:
        raise Refused("no_such_page")
    return group_settings.change(
        deps, group_id, lambda one: replace(one, settings=replace(one.settings, platform=platform_id))
    )


def remove(deps: Deps, platform_id: str) -> bool:
    """Forget an account and its secret; groups that had it go on at their own addresses. Whether it was there."""
    for group in deps.store.groups():
        if group.settings.platform == platform_id:
            choose(deps, group.id, "")
    return deps.store.shelf(Platform).remove(id=platform_id) > 0


def _is_an_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = not parts.query and not parts.fragment and not parts.username
    return parts.scheme == "https" and bool(parts.hostname) and plain and text.isprintable() and " " not in text
