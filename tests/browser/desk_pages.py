"""The pages of the desk that an address alone opens: name, what it shows, and the address with ids of moments.desk."""

from __future__ import annotations

GROUP, HAZEL = "/desk/groups/{group}", "/desk/people/{hazel}"
DATES, AGREEMENT, IMPORT = f"{GROUP}/dates", f"{GROUP}/settings/agreement", f"{GROUP}/people/import"
LATER = "ends_at=22:00&starts_at={full}"
PAGES: tuple[tuple[str, str, str], ...] = (
    ("dates", "all dates of a group", DATES),
    ("dates_preview", "new dates before they are kept", f"{DATES}/new?{LATER}&repeats=weekly"),
    ("move", "moving a date", "/desk/sessions/{next}/move"),
    ("move_confirm", "moving a date: who will be told", "/desk/sessions/{moved}/move?" + LATER),
    ("cancel", "cancelling a date: who will be told", "/desk/sessions/{next}/cancel"),
    ("session_moved", "a date that was moved, with somebody to phone", "/desk/sessions/{moved}"),
    ("safeguarding", "the safety plan of a group", f"{GROUP}/settings/safeguarding"),
    ("crisis", "crisis lines of a group", f"{GROUP}/settings/crisis?suggest=IE"),
    ("place", "country, clock and languages of a group", f"{GROUP}/settings/place"),
    ("rules", "cameras and turns of a group", f"{GROUP}/settings/rules"),
    ("name", "the name of a group", f"{GROUP}/settings/name"),
    ("call", "the call of a group", f"{GROUP}/settings/call"),
    ("numbers", "whom to phone", f"{GROUP}/settings/numbers"),
    ("promises", "what a group promises", f"{GROUP}/settings/promises"),
    ("entry", "what is asked at the door", f"{GROUP}/settings/entry"),
    ("evening", "the parts of an evening", f"{GROUP}/settings/evening"),
    ("reminders", "when people are reminded", f"{GROUP}/settings/reminders"),
    ("leaving", "where leaving leads", f"{GROUP}/settings/leaving"),
    ("agreement", "the agreement of a group", AGREEMENT),
    ("import", "many people from a sheet", IMPORT),
    ("reaching", "how and when to reach her", f"{HAZEL}/contact"),
    ("access", "what makes it easier for her", f"{HAZEL}/access"),
    ("induction", "what she was told beforehand", "/desk/people/{linnet}/induction"),
    ("record", "what she agreed to", f"{HAZEL}/record"),
    ("copy", "a copy of all that is kept of her", f"{HAZEL}/record/copy"),
    ("erase", "deleting all that is kept of her", f"{HAZEL}/record/erase"),
    ("audit", "who did what", "/desk/audit"),
    ("series", "one link for every date", "/desk/series/{series}/invited"),
    ("everybody", "inviting everybody, before it is done", "/desk/sessions/{moved}/everybody"),
    ("sending", "inviting everybody, stopped half way", "/desk/sending/{job}"),
    ("batch", "how far a long send is", "/desk/batches/{batch}"),
    ("line", "the telephone line of somebody", f"{HAZEL}/line"),
    ("calls", "what services that hold calls have not been told", "/desk/calls"),
)
SHEET = (
    "Name,Alias,Role,E-mail,Telephone,Language,Country\r\n"
    "Marsh Heron,Quiet Heron,member,heron@example.org,020 7946 0001,English,GB\r\n"
    ",Plover,member,,,,\r\n"
    "Reed Bunting,Reed 1987,dancer,not an address,12,Klingon,\r\n"
)
