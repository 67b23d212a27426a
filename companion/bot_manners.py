"""What a simulated person does next, from her own panel alone, as somebody in her role might."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Views = dict[str, Any]
Act = tuple[str, dict[str, Any]]
Chance = tuple[float, Act]  # how likely, and what


def next_act(role: str, views: Views, dice: Random) -> Act | None:
    """One command, or nothing just now. ``views`` is her panel as it last came."""
    if not views:
        return None
    for likely, act in MANNERS[role](views, dice):
        if dice.random() < likely:
            return act
    return None


def _member(views: Views, dice: Random) -> list[Chance]:
    if views["room"]["phase"] == "waiting":
        return [*_of_help(views["help"], dice)]
    chances = [*_of_one_to_one(views["one_to_one"]), *_of_turn(views["turn"], dice)]
    chances += [*_of_break(views["break"], dice), *_of_help(views["help"], dice)]
    return [*chances, (0.05, ("choose_how", {"how": dice.choice(("video", "audio", "text"))}))]


def _of_turn(turn: Views, dice: Random) -> list[Chance]:
    if turn["speaking"]:
        return [(0.4, ("finish_turn", {"turn": turn["turn"]}))]
    if turn["place"]:
        return [(0.08, ("withdraw_turn", {})), (0.08, ("not_yet", {})), (0.05, ("pass_turn", {}))]
    replying: list[Chance] = [(0.15, ("request_turn", {"reply": True}))] if turn["may_reply"] else []
    note = dice.choice(("", "a short one", "about last week"))
    return [*replying, (0.3, ("request_turn", {"note": note}))] if turn["may_ask"] else replying


def _of_break(signal: Views, dice: Random) -> list[Chance]:
    if signal["state"]:
        return [(0.25, ("settle_break_signal", {}))]
    strength = dice.choice(("few_minutes", "few_minutes", "check_on_me", "cannot_talk"))
    minutes = {"minutes": dice.choice((5, 10, 15))} if strength == "few_minutes" else {}
    return [(0.12, ("raise_break_signal", {"strength": strength, **minutes}))]


def _of_one_to_one(mine: Views) -> list[Chance]:
    chances: dict[str | None, list[Chance]] = {
        "offered": [(0.5, ("accept_breakout", {})), (0.3, ("withdraw_breakout", {}))],
        "asked": [(0.05, ("withdraw_breakout", {}))],
        "claimed": [(0.7, ("accept_breakout", {}))],
        "open": [(0.2, ("finish_breakout", {}))],
        None: [(0.1, ("request_breakout", {}))] if mine["on_duty"] else [],
    }
    return chances[mine["state"]]


def _of_help(mine: Views, dice: Random) -> list[Chance]:
    if mine["state"] == "confirming":
        return [(0.7, ("confirm_ticket", {"works": dice.random() < 0.7}))]
    to_try = [step["card"] for step in mine["steps"] if not step["done"]]
    if to_try:
        return [(0.5, ("mark_step_done", {"step": to_try[0]}))]
    if mine["state"]:
        return [(0.05, ("withdraw_ticket", {}))]
    return [(0.08, ("open_ticket", {"kind": dice.choice(("cannot_hear", "no_picture", "frozen_or_slow"))}))]


def _facilitator(views: Views, dice: Random) -> list[Chance]:
    chances: list[Chance] = [*_at_the_door(views["door"]), *_of_phase(views["room"], dice)]
    for signal in views["signals"]["signals"]:
        if signal["state"] != "answered":
            reply = dice.choice(("here_for_you", "take_your_time", "stay_quiet"))
            chances.append((0.6, ("answer_break_signal", {"seat": signal["seat"], "reply": reply})))
    return [*chances, *_of_queue(views["queue"]), (0.05, ("write_note", {"desk": "care", "words": "All is well."}))]


def _at_the_door(door: Views) -> list[Chance]:
    waiting = any(not knock["not_now"] for knock in door["knocks"])
    held = [{"seat": device["seat"], "device": device["device"], "keep": "both"} for device in door["devices"]]
    return [*((0.9, ("admit_all", {})) for _ in range(waiting)), *((0.8, ("settle_device", one)) for one in held)]


def _of_phase(room: Views, dice: Random) -> list[Chance]:
    phases: dict[str, Chance] = {
        "planned": (1, ("open_doors", {})),
        "open": (0.7 if room["seated"] else 0, ("start_session", {})),
        "live": (0.02, ("pause_room", {})),
        "paused": (0.5, ("resume_room", {})),
    }
    return [phases[room["phase"]]] if room["phase"] in phases else []


def _of_queue(queue: Views) -> list[Chance]:
    now = {"turn": queue["turn"]}
    if queue["speaker"] is None:
        return [(0.7, ("start_next_turn", now))] if queue["next_alias"] else []
    onward: list[Chance] = [(0.25, ("start_next_turn", now))] if queue["next_alias"] else []
    return [*onward, (0.03, ("put_back_first", now)), (0.03, ("undo_last", {}))]


def _peer_supporter(views: Views, dice: Random) -> list[Chance]:
    if not views["duty"]["on_duty"]:
        return [(0.8, ("go_on_duty", {}))]
    chances: list[Chance] = [(0.02, ("go_off_duty", {}))]
    for request in views["one_to_ones"]["requests"]:
        if request["may_claim"]:
            chances.append((0.7, ("claim_breakout", {"request": request["request"]})))
        elif request["mine"] and request["state"] == "open":
            chances.append((0.25, ("finish_breakout", {})))
    return chances


def _tech_helper(views: Views, dice: Random) -> list[Chance]:
    chances: list[Chance] = []
    for ticket in views["tickets"]["tickets"]:
        mine = {"ticket": ticket["ticket"]}
        if ticket["mine"] and ticket["state"] == "taken":
            step = dice.choice(("unmute", "volume", "headphones", "rejoin"))
            chances += [(0.4, ("send_step", {**mine, "step": step})), (0.4, ("ask_if_solved", mine))]
        elif ticket["state"] == "open":
            chances.append((0.7, ("take_ticket", mine)))
    return chances


MANNERS: dict[str, Callable[[Views, Random], list[Chance]]] = {
    "member": _member,
    "facilitator": _facilitator,
    "peer_supporter": _peer_supporter,
    "tech_helper": _tech_helper,
}
