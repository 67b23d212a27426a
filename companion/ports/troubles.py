"""What can go wrong outside: the world says no."""

from __future__ import annotations

from typing import Literal

from companion.records import Trouble

ReportProblem = Literal["forged", "stale", "replayed", "oversized", "malformed", "unknown"]


class Moved(Exception):
    """Somebody else saved this session first: load it again and step again."""


class StoreDown(Exception):
    """The database cannot be reached, is full or is locked: nothing was saved."""


class DeliveryFailed(Exception):
    """A letter did not go out, or nobody knows whether it did.

    ``permanent`` says that trying again cannot help. ``trouble`` is the kind of trouble ("credentials": somebody has to
    look at our set-up; "unsure": it may have gone out). ``retry_after`` is how many seconds the gateway asks for.
    """

    def __init__(
        self, problem: str, *, permanent: bool = False, trouble: Trouble = "", retry_after: float | None = None
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.permanent = permanent
        self.trouble: Trouble = trouble or ("refused" if permanent else "later")
        self.retry_after = retry_after


class BadReport(Exception):
    """A delivery report that is not believed, or is of no use. ``problem`` is a reason code; nothing was changed."""

    def __init__(self, problem: ReportProblem) -> None:
        super().__init__(problem)
        self.problem: ReportProblem = problem
