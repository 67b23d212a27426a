"""The desk's pages on what a group has set: one page and one form for each part, so that each can be thought about."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import NotFound

from companion.records import Group
from companion.service import agreements, audit, crisis_lines, dates, group_settings
from companion.web import group_forms, group_words_forms
from companion.web.group_forms import CrisisForm, SectionForm
from companion.web.group_words_forms import AgreementForm, PromisesForm
from companion.web.guards import deps
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, audited, or_say, said, say

blueprint = Blueprint("group_settings", __name__)
SECTIONS: dict[str, type[SectionForm]] = {
    "safeguarding": group_words_forms.SafeguardingForm,
    "name": group_forms.NameForm,
    "call": group_forms.CallForm,
    "numbers": group_forms.NumbersForm,
    "crisis": group_forms.CrisisForm,
    "place": group_forms.PlaceForm,
    "promises": group_words_forms.PromisesForm,
    "entry": group_words_forms.EntryForm,
    "rules": group_forms.RulesForm,
    "evening": group_words_forms.EveningForm,
    "reminders": group_words_forms.RemindersForm,
    "leaving": group_forms.LeavingForm,
}
PAGES = ("safeguarding", "agreement", *list(SECTIONS)[1:])  # in the order of the group's page


@blueprint.get("/groups/<group_id>/settings/<section>")
def section(group_id: str, section: str) -> Page:
    """One part as it is now; a suggestion or our own words are only written into the form."""
    group = _group(group_id)
    form = _kind(section).of(group)
    if isinstance(form, CrisisForm):
        form.suggest(request.args.get("suggest", ""), group.settings.country)
    if isinstance(form, PromisesForm) and request.args.get("start"):
        form.start_from(request.args["start"])
    return _page(section, group, form)


@blueprint.post("/groups/<group_id>/settings/<section>")
def change(group_id: str, section: str) -> Page:
    """Keep one part."""
    group, form = _group(group_id), _kind(section)()
    if not form.validate():
        return _page(section, group, form), 422
    now = deps().clock()
    ask(group_settings.change, group_id, lambda kept: form.into(kept, now))
    ask(audit.note_in_passing, "changed_settings", by=audited(), about=f"group {group_id}")
    say("kept")
    return redirect(f"/desk/groups/{group_id}", 303)


@blueprint.get("/groups/<group_id>/settings/agreement")
def agreement(group_id: str) -> Page:
    """The agreement, and every version that there was."""
    group = _group(group_id)
    return _agreement_page(group, AgreementForm.of(group))


@blueprint.post("/groups/<group_id>/settings/agreement")
def propose(group_id: str) -> Page:
    """Show what would change; nothing is kept before it has been looked at."""
    group, form = _group(group_id), AgreementForm()
    if not form.validate():
        return _agreement_page(group, form), 422
    difference = agreements.difference(group.settings.agreement, form.points())
    return render_template("desk/group_difference.html", group=group, form=form, difference=difference, **said())


@blueprint.post("/groups/<group_id>/settings/agreement/publish")
def publish(group_id: str) -> Page:
    """From now on this is what everybody ticks."""
    group, form = _group(group_id), AgreementForm()
    if not form.validate():
        return _agreement_page(group, form), 422
    seen = int(form.instead_of.data) if (form.instead_of.data or "").isdecimal() else 0
    if or_say(lambda lean: agreements.publish(lean, group_id, form.points(), instead_of=seen)) is not None:
        ask(audit.note_in_passing, "changed_settings", by=audited(), about=f"group {group_id}")
        say("kept")
    return redirect(f"/desk/groups/{group_id}/settings/agreement", 303)


def _kind(section: str) -> type[SectionForm]:
    if section not in SECTIONS:
        raise NotFound
    return SECTIONS[section]


def _group(group_id: str) -> Group:
    found = ask(lambda lean: lean.store.group(group_id))
    if found is None:
        raise NotFound
    return found


def _page(section: str, group: Group, form: SectionForm) -> str:
    plan = group.settings.safeguarding
    parts: dict[str, dict[str, Any]] = {
        "crisis": {"known_lines": crisis_lines.KNOWN},
        "safeguarding": {"agreed_on": dates.said_day(plan.agreed_at, language(), group.settings.zone) if plan else ""},
    }
    more = parts.get(section, {})
    return render_template(f"desk/group_{section}.html", group=group, section=section, form=form, **more, **said())


def _agreement_page(group: Group, form: AgreementForm) -> str:
    kept = ask(agreements.versions, group.id)
    return render_template(
        "desk/group_agreement.html",
        group=group,
        form=form,
        versions=[(one, dates.said_day(one.published_at, language())) for one in kept],
        **said(),
    )
