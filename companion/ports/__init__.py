"""What the service needs from the outside, as Protocols: stores, clock, ids, mail, calls. All of it may block.

Every store method runs in a worker thread, never on the event loop. Ids are opaque text, times timezone-aware UTC.
"""

from __future__ import annotations

from companion.ports.calls import (
    Attendee,
    CallDown,
    CallEvent,
    CallPlan,
    Calls,
    Entry,
    Framed,
    HookReply,
    MeetingAdapter,
    Planner,
    Program,
    Quiet,
    Registered,
    Room,
)
from companion.ports.lines import Heard, Line, NoLine, Waiting, Way
from companion.ports.live import ConnectionStore, SessionStore
from companion.ports.meters import Backlog, Gauges, Meters, NoMeters, Pages
from companion.ports.nodes import Apart, Hints, NoTallies, Tallies
from companion.ports.outside import Clock, FreshId, Hasher, LinkProbe, Mailer
from companion.ports.plans import GroupStore, PlanStore
from companion.ports.shelves import Shelf, UpTo
from companion.ports.store import OutboxStore, Store
from companion.ports.texts import Hook, NoTexts, Report, Texter
from companion.ports.troubles import BadReport, DeliveryFailed, Moved, StoreDown

__all__ = [
    "Apart",
    "Attendee",
    "Backlog",
    "BadReport",
    "CallDown",
    "CallEvent",
    "CallPlan",
    "Calls",
    "Clock",
    "ConnectionStore",
    "DeliveryFailed",
    "Entry",
    "Framed",
    "FreshId",
    "Gauges",
    "GroupStore",
    "Hasher",
    "Heard",
    "Hints",
    "Hook",
    "HookReply",
    "Line",
    "LinkProbe",
    "Mailer",
    "MeetingAdapter",
    "Meters",
    "Moved",
    "NoLine",
    "NoMeters",
    "NoTallies",
    "NoTexts",
    "OutboxStore",
    "Pages",
    "PlanStore",
    "Planner",
    "Program",
    "Quiet",
    "Registered",
    "Report",
    "Room",
    "SessionStore",
    "Shelf",
    "Store",
    "StoreDown",
    "Tallies",
    "Texter",
    "UpTo",
    "Waiting",
    "Way",
]
