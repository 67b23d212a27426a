"""The shapes of every region of every panel: what a template or a JSON client is given, and nothing else.

Ids stand only where the viewer needs them to act. Times are UTC; a browser counts from them, the server never ticks.
"""

from companion.core.views.call_regions import CallerView, CallView, PairView
from companion.core.views.common_regions import AnswerView, NewsView, PersonView
from companion.core.views.desk_regions import (
    DutyView,
    NotesView,
    NoteView,
    OneToOnesView,
    RequestView,
    SignalsView,
    SignalView,
    StaffRoom,
    TicketsView,
    TicketView,
)
from companion.core.views.hosting_regions import (
    AgendaView,
    AlertKind,
    AlertView,
    DebriefView,
    DeviceView,
    DoorView,
    KnockView,
    NowPerson,
    NowView,
    PartView,
    PeopleView,
    PlaceView,
    QueueView,
    SeatView,
    SpeakerView,
    VoiceView,
)
from companion.core.views.member_regions import (
    MemberBreak,
    MemberHelp,
    MemberOneToOne,
    MemberRoom,
    MemberTurn,
    SeatPhase,
)

Region = (
    NewsView
    | MemberRoom
    | MemberTurn
    | MemberBreak
    | MemberOneToOne
    | MemberHelp
    | NowView
    | StaffRoom
    | DoorView
    | QueueView
    | SignalsView
    | OneToOnesView
    | DutyView
    | TicketsView
    | PeopleView
    | NotesView
    | AgendaView
    | DebriefView
    | CallView
)
Panel = dict[str, Region]

__all__ = [
    "AgendaView",
    "AlertKind",
    "AlertView",
    "AnswerView",
    "CallView",
    "CallerView",
    "DebriefView",
    "DeviceView",
    "DoorView",
    "DutyView",
    "KnockView",
    "MemberBreak",
    "MemberHelp",
    "MemberOneToOne",
    "MemberRoom",
    "MemberTurn",
    "NewsView",
    "NoteView",
    "NotesView",
    "NowPerson",
    "NowView",
    "OneToOnesView",
    "PairView",
    "Panel",
    "PartView",
    "PeopleView",
    "PersonView",
    "PlaceView",
    "QueueView",
    "Region",
    "RequestView",
    "SeatPhase",
    "SeatView",
    "SignalView",
    "SignalsView",
    "SpeakerView",
    "StaffRoom",
    "TicketView",
    "TicketsView",
    "VoiceView",
]
