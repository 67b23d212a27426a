"""With the real store and the real slow hash: a link that leads nowhere answers as late as one that does."""

import re
import secrets
from statistics import quantiles
from time import perf_counter

import pytest

from companion.service import inviting, organising
from companion.settings import Settings
from companion.wiring import make_deps
from tests.fakes.world import token_of, wrong_for
from tests.web.conftest import APPS, create_app

PAIRS = 16
pytestmark = pytest.mark.alone


@pytest.fixture
def deps(tmp_path):
    deps = make_deps(Settings(data=tmp_path))
    yield deps
    deps.store.dispose()


def test_real_revoked_and_random_links_answer_within_ten_milliseconds_of_each_other(deps):
    group = organising.add_group(deps, "Tuesday circle")
    session = organising.add_session(deps, group.id, deps.clock())
    app = create_app(deps)
    APPS.append(app)

    # A busy machine makes one round uneven; a link that tells on itself does so in every round.
    gaps = [gap_in_milliseconds(deps, app, group, session)]
    while gaps[-1] >= 10 and len(gaps) < 4:
        gaps.append(gap_in_milliseconds(deps, app, group, session))

    assert min(gaps) < 10, gaps


def gap_in_milliseconds(deps, app, group, session):
    spent = {"real": [], "revoked": [], "random": []}
    for n in range(PAIRS):
        real, revoked = (
            inviting.invite(deps, session.id, organising.add_person(deps, group.id, "member", "Mary", waived_by="Sol").id) for _ in "ab"
        )
        inviting.revoke(deps, revoked.invite.id)
        tokens = {"real": token_of(real), "revoked": token_of(revoked), "random": secrets.token_urlsafe(24)}
        for kind in sorted(tokens, key=lambda _: secrets.randbits(32)):
            spent[kind].append(seconds_for_a_wrong_guess(app, tokens[kind], wrong_for(real), f"198.51.100.{n}"))
    typical = [quantiles(times, n=4)[0] * 1000 for times in spent.values()]
    return max(typical) - min(typical)


def seconds_for_a_wrong_guess(app, token, digits, address):
    client, place = app.test_client(), {"REMOTE_ADDR": address}
    csrf = re.search(r'csrf_token" value="([^"]+)"', client.get(f"/i/{token}", environ_overrides=place).text)[1]
    began = perf_counter()
    response = client.post(f"/i/{token}", data={"passcode": digits, "csrf_token": csrf}, environ_overrides=place)
    spent = perf_counter() - began
    assert response.status_code == 422
    return spent
