"""The pages that ask somebody who she is: a second factor, the password again after a pause, both before a secret."""

from __future__ import annotations

from flask import g, render_template

from companion import server
from companion.records import Account, StaffSession
from companion.service.deps import Deps
from companion.service.staff import passkeys
from companion.web.guards import deps
from companion.web.organiser_forms import ButtonForm


def code_page(*, problem: str = "", status: int = 200) -> tuple[str, int]:
    """The second factor, after the password."""
    return _page("code", problem, status, "")


def unlock_page(kept: str, *, problem: str = "", status: int = 200) -> tuple[str, int]:
    """The password again, after a quarter of an hour; nothing of the page behind it."""
    return _page("unlock", problem, status, kept)


def again_page(kept: str, *, problem: str = "", status: int = 200) -> tuple[str, int]:
    """Password and code, or a passkey, before something private."""
    return _page("again", problem, status, kept)


def _page(name: str, problem: str, status: int, kept: str) -> tuple[str, int]:
    page = render_template(
        f"desk/staff/{name}.html",
        form=ButtonForm(formdata=None),
        problem=problem,
        kept=kept,
        has_app=bool(g.me.account.totp_secret),
        passkey=server.off_loop(_passkey, deps(), g.browser, g.me.account),
        host=deps().settings.passkey_host,
    )
    return page, status


def _passkey(lean: Deps, session: StaffSession, account: Account) -> str:
    if not lean.settings.passkey_host or not passkeys.of_account(lean, account.id):
        return ""
    return passkeys.to_use(lean, session, account)
