"""What can go wrong outside: the world says no."""

from __future__ import annotations


class Moved(Exception):
    """Somebody else saved this session first: load it again and step again."""


class StoreDown(Exception):
    """The database cannot be reached, is full or is locked: nothing was saved."""


class DeliveryFailed(Exception):
    """A letter did not go out; ``permanent`` says that trying again cannot help."""

    def __init__(self, problem: str, *, permanent: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.permanent = permanent
