"""A group's agreement and its versions: every one that was published is kept, and everybody ticks the newest."""

from __future__ import annotations

from dataclasses import dataclass

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import AgreementVersion, Group
from companion.service.deps import Deps


@dataclass(frozen=True, slots=True)
class Difference:
    """What a proposed agreement changes."""

    stays: tuple[str, ...]
    comes: tuple[str, ...]
    goes: tuple[str, ...]
    moved: bool  # the same points in another order

    @property
    def is_none(self) -> bool:
        """Whether nothing is different."""
        return not (self.comes or self.goes or self.moved)


def difference(before: tuple[str, ...], after: tuple[str, ...]) -> Difference:
    """What is different, point by point."""
    stays = tuple(point for point in after if point in before)
    return Difference(
        stays=stays,
        comes=tuple(point for point in after if point not in before),
        goes=tuple(point for point in before if point not in after),
        moved=stays != tuple(point for point in before if point in after),
    )


def publish(deps: Deps, group_id: str, points: tuple[str, ...], *, instead_of: int) -> Group:
    """Make these points the agreement from now on. ``instead_of`` is the version that was looked at.

    Refused("request_moved_on") where somebody else has published meanwhile; the same points again change nothing.
    """

    def published(group: Group) -> Group | None:
        if group.settings.agreement == points:
            return None
        if group.settings.agreement_version != instead_of:
            raise Refused("request_moved_on")
        return replace(
            group,
            settings=replace(
                group.settings,
                agreement=points,
                agreement_version=instead_of + 1,
                agreement_since=deps.clock(),
                agreement_new=difference(group.settings.agreement, points).comes,
            ),
        )

    kept = deps.store.shelf(Group).change(group_id, published)
    if kept is None:
        raise Refused("no_such_seat")
    keep_version(deps, kept)
    return kept


def keep_version(deps: Deps, group: Group) -> None:
    """Keep the agreement of a group as it is now, once."""
    settings = group.settings
    since = settings.agreement_since or deps.clock()
    deps.store.shelf(AgreementVersion).add(
        AgreementVersion(
            _version_id(group.id, settings.agreement_version),
            group.id,
            settings.agreement_version,
            settings.agreement,
            since,
        )
    )


def versions(deps: Deps, group_id: str) -> tuple[AgreementVersion, ...]:
    """Every version, newest first."""
    kept = deps.store.shelf(AgreementVersion).find(group_id=group_id)
    return tuple(sorted(kept, key=lambda one: one.version, reverse=True))


def _version_id(group_id: str, version: int) -> str:
    return f"{group_id} {version}"
