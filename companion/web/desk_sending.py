"""Inviting everybody at once: first who gets what and who cannot, then how far it is, and what is given by hand."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import NotFound

from companion.records import PasscodeRoute
from companion.service import dates, notices, progress, sending
from companion.service.passcodes import grouped
from companion.service.progress import Progress
from companion.web.desk_invites import back_to, found_target, picture
from companion.web.guards import deps
from companion.web.languages import language
from companion.web.organiser_door import Page, ask, said

blueprint = Blueprint("sending", __name__)


@blueprint.get("/<any(sessions, series):kind>/<target_id>/everybody")
def everybody(kind: str, target_id: str) -> Page:
    """Who gets what by which way, who cannot and why; or how far it is."""
    target = found_target(kind, target_id)
    job = ask(progress.latest, target.name)
    # One that was cut short before it began is begun anew.
    if job is not None and job.state != "begun" and (job.state != "done" or request.args.get("again") is None):
        return redirect(f"/desk/sending/{job.id}", 303)
    passcodes = _passcodes(request.args.get("passcodes", ""))
    return render_template(
        "desk/everybody.html",
        planned=ask(sending.plan, target, passcodes),
        path=f"/desk/{kind}/{target_id}/everybody",
        passcodes=passcodes,
        job=deps().fresh_id(),
        back=back_to(target),
        **said(),
    )


@blueprint.post("/<any(sessions, series):kind>/<target_id>/everybody")
def begin(kind: str, target_id: str) -> Page:
    """Invite them all. The page carries the id of the job, so a second press is the same job."""
    target = found_target(kind, target_id)
    job_id = request.form.get("job", "")[:64] or deps().fresh_id()
    job = ask(sending.begin, target, job_id, _passcodes(request.form.get("passcodes", "")))
    return redirect(f"/desk/sending/{job.id}", 303)


@blueprint.get("/sending/<job_id>")
def look(job_id: str) -> Page:
    """How far it is."""
    found = _progress(job_id)
    kind, _, target_id = found.job.target.partition(" ")
    target = found_target(kind, target_id)
    zone = ask(notices.zone_of, target.group_id)
    return render_template(
        "desk/sending.html",
        progress=found,
        leaves=dates.said(found.leaves_at, language(), zone) if found.leaves_at else "",
        back=back_to(target),
        again=f"{'/desk/sessions/' if kind == 'session' else '/desk/series/'}{target_id}/everybody?again=1",
        **said(),
    )


@blueprint.post("/sending/<job_id>/stop")
def stop(job_id: str) -> Page:
    """Nobody more is invited, and what has not left is held."""
    _progress(job_id)
    ask(sending.stop, job_id)
    return redirect(f"/desk/sending/{job_id}", 303)


@blueprint.post("/sending/<job_id>/resume")
def resume(job_id: str) -> Page:
    """It goes on."""
    _progress(job_id)
    ask(sending.resume, job_id)
    return redirect(f"/desk/sending/{job_id}", 303)


@blueprint.post("/sending/<job_id>/slips")
def slips(job_id: str) -> Page:
    """What is given by hand, in this one answer: links on some slips, passcodes on others."""
    _progress(job_id)
    return render_template(
        "desk/slips.html",
        slips=ask(progress.take_slips, job_id),
        picture=picture,
        grouped=grouped,
        back=f"/desk/sending/{job_id}",
    )


def _progress(job_id: str) -> Progress:
    found = ask(progress.of_job, job_id)
    if found is None:
        raise NotFound
    return found


def _passcodes(typed: str) -> PasscodeRoute:
    return "paper" if typed == "paper" else "aloud"
