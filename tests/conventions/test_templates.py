"""Guards what templates, style sheets and scripts promise: regions know only their view, every code has its words."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from jinja2 import meta, nodes
from jinja2.ext import babel_extract

from companion import bundles, drawing
from companion.core import agenda, fields, model, permissions
from companion.core.parsing import COMMANDS
from companion.core.presence import Away
from companion.core.refusals import REASONS
from companion.core.suggesting import Suggestion
from companion.core.views import panel_for
from companion.core.views.alerts import ORDER
from companion.core.views.regions import AlertView
from tests.conventions.evenings import SEAT_OF, START, moments
from tests.conventions.test_drawing import AROUND

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
REGIONS = [path for path in TEMPLATES if "panels" in path.parts or "regions" in path.parts]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
MODULES = sorted((ROOT / "static" / "js").glob("*.js"))
ENGLISH = drawing.environment("en")
NOBODYS_FORM = {
    # Staff are told what to try by voice: their own panels show no step cards, so there is nothing to mark as done.
    ("facilitator", "mark_step_done"),
    ("peer_supporter", "mark_step_done"),
    ("tech_helper", "mark_step_done"),
    # What a page beside the call sees and does there, it says by itself.
    ("facilitator", "note_caller"),
    ("facilitator", "note_hand"),
    ("facilitator", "move_into_room"),
    # The number of the turn is not on a supporter's panel; the facilitator finishes it, or she passes.
    ("peer_supporter", "finish_turn"),
    # Said by the page beside the call (static/js/call.js): nobody presses anything for it.
    ("facilitator", "note_caller"),
    ("facilitator", "note_hand"),
    ("facilitator", "move_into_room"),
}


def short(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("template", REGIONS, ids=short)
def test_a_region_knows_nothing_but_its_view(template):
    names = meta.find_undeclared_variables(ENGLISH.parse(template.read_text()))

    assert names <= {"view", "tap", "kept", "_", "ngettext"}


@pytest.mark.parametrize("template", TEMPLATES, ids=short)
def test_a_template_holds_no_code_and_no_style(template):
    text = template.read_text()

    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:", text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=short)
def test_a_template_asks_nothing_of_other_sites(template):
    assert re.findall(r'(?:src|href|action)="\w*:?//', template.read_text()) == []


@pytest.mark.parametrize("role", SEAT_OF)
def test_each_region_of_a_panel_has_its_template(role):
    regions = set(panel_for(moments()["busy"], SEAT_OF[role]))

    assert {path.stem for path in (ROOT / "templates" / "panels" / role).glob("*.html")} == regions


@pytest.mark.parametrize("role", SEAT_OF)
def test_every_command_of_a_role_stands_on_its_page(role):
    may = {name for name, command in COMMANDS.items() if role in permissions.MAY[command]}

    reachable = set().union(*(acts_in(short(path)) for path in (ROOT / "templates" / "panels" / role).glob("*.html")))

    assert may - reachable == {name for who, name in NOBODYS_FORM if who == role}


def test_every_form_asks_for_a_command_that_exists():
    assert set().union(*(acts_in(short(path)) for path in REGIONS)) <= set(COMMANDS)


@cache
def acts_in(path):
    """The commands of every form in a template and in those that it draws on."""
    tree = ENGLISH.parse((ROOT / path).read_text())
    acts = {
        call.args[0].value
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name in ("act", "form", "guard")
        and isinstance(call.args[0], nodes.Const)
    }
    acts |= set(re.findall(r'action="/act/(\w+)"', (ROOT / path).read_text()))
    for other in meta.find_referenced_templates(tree):
        acts |= acts_in(f"templates/{other}")
    return acts


def test_every_refusal_has_a_sentence():
    known = keys_of("refusals.html")

    assert known == REASONS


def test_every_news_has_a_sentence():
    told = {
        call.args[2].value
        for path in (ROOT / "companion" / "core").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "tell"
    }

    assert keys_of("news.html") == told | {""}


def keys_of(template):
    tree = ENGLISH.parse((ROOT / "templates" / template).read_text())
    return {pair.key.value for pair in next(tree.find_all(nodes.Dict)).items}


@pytest.mark.parametrize(
    ("macro", "codes"),
    [
        ("strength", model.Strength),
        ("signal_state", model.SignalState),
        ("reply", fields.Reply),
        ("plan", model.VanishPlan),
        ("plan_of", model.VanishPlan),
        ("ticket_kind", model.TicketKind),
        ("ticket_sign", model.TicketKind),
        ("ticket_state", model.TicketState),
        ("step", fields.Step),
        ("step_name", fields.Step),
        ("step_sign", fields.Step),
        ("takes_part", model.TakesPart),
        ("takes_part_sign", model.TakesPart),
        ("cue", model.Cue),
        ("mode", model.QueueMode),
        ("mode_sign", model.QueueMode),
        ("asking", model.Asking),
        ("asking_sign", model.Asking),
        ("place_kind", model.PlaceKind),
        ("away", Away),
        ("away_sign", Away),
        ("phase", model.Phase),
        ("one_to_one_state", model.BreakoutState),
        ("desk", model.Desk),
        ("door_message", fields.DoorMessage),
        ("door_message_full", fields.DoorMessage),
        ("activity", fields.Activity),
    ],
)
def test_every_code_has_words(macro, codes):
    words = getattr(ENGLISH.get_template("parts/words.html").module, macro)

    assert all(words(code).strip() for code in get_args(codes))


def test_every_reason_of_a_suggestion_and_every_alert_has_words():
    words = ENGLISH.get_template("parts/words.html").module
    alerts = ENGLISH.get_template("parts/alerts.html").module

    for reason in get_args(get_type_hints(Suggestion)["reason"]):
        assert words.reason(reason, "Ash").strip()
    for kind in ORDER:
        assert "Ash" in alerts.sentence(AlertView(kind, "ash", "Ash", START, "wait"))
        assert alerts.sign(kind)
        assert 1 <= len(alerts.short(kind).split()) <= 4


def test_every_act_that_can_be_undone_has_a_name():
    hosting = (ROOT / "companion" / "core" / "hosting.py").read_text()
    acts = {name for name in re.findall(r'"([a-z_]+)"\)', hosting) if name in COMMANDS}

    assert len(acts) == 9
    assert all(ENGLISH.get_template("parts/words.html").module.undo(act).strip() for act in acts)


def test_every_step_of_every_activity_has_words():
    words = ENGLISH.get_template("parts/activities.html").module.words

    for activity, steps in agenda.ACTIVITY_STEPS.items():
        assert len({words(activity, step) for step in range(steps)}) == steps


def test_every_picture_that_is_used_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static" / "icons.svg").read_text()))
    pages = (
        html
        for state in moments().values()
        for role, seat in SEAT_OF.items()
        for html in drawing.draw_panel(role, panel_for(state, seat), "en").values()
    )
    used = {name for html in pages for name in re.findall(r"icons\.svg#([\w-]*)", html)}
    used |= {name for path in TEMPLATES for name in re.findall(r'icon\("([\w-]+)"\)', path.read_text())}

    assert used <= drawn


def test_there_are_24_avatars_each_with_a_name_of_its_own():
    avatars = ENGLISH.get_template("parts/avatars.html").module
    drawn = re.findall(r'<symbol id="a(\d+)"', (ROOT / "static" / "avatars.svg").read_text())

    assert [int(number) for number in drawn] == list(range(1, avatars.count + 1))
    assert len({avatars.avatar_name(number) for number in range(1, 25)}) == 24


@pytest.mark.parametrize("template", TEMPLATES, ids=short)
def test_sentences_are_short(template):
    with template.open("rb") as file:
        found = list(babel_extract(file, ("_", "ngettext"), (), {"newstyle_gettext": "true"}))
    said = [words for _, _, message, _ in found for words in (message if isinstance(message, tuple) else (message,))]
    sentences = [part for words in said if words for part in re.split(r"(?<=[.!?:])\s", words)]

    assert [sentence for sentence in sentences if len(sentence.split()) > 15] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=short)
def test_a_sheet_is_short_and_knows_no_left_and_right(sheet):
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)

    assert re.findall(r"(?<!\.)\b(?:left|right)\b", rules) == []
    assert len(sheet.read_text().splitlines()) <= 150


@pytest.mark.parametrize("sheet", SHEETS, ids=short)
def test_no_colour_is_yellow(sheet):
    rules = sheet.read_text()

    hues = [(float(hue), float(full)) for hue, full in re.findall(r"hsla?\(([\d.]+), ([\d.]+)%", rules)]
    hues += [(float(hue), 100) for hue in re.findall(r"--h-\w+: ([\d.]+);", rules)]

    assert [hue for hue, full in hues if full and 45 <= hue <= 70] == []
    # Named, hexadecimal and other colours would pass by the line above.
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|\b(?:yellow|gold|khaki|lch|lab|hwb)\b", rules, re.IGNORECASE) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=short)
def test_a_sheet_uses_nothing_that_chrome_80_or_ios_13_cannot_read(sheet):
    newer = r"(?:margin|padding)-(?:inline|block):|\binset:|clamp\(|:is\(|:where\(|:has\(|@layer|@container|@import|&"

    assert re.findall(newer, re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=short)
def test_nothing_moves_by_itself(sheet):
    assert re.findall(r"\b(?:animation|transition)\b", sheet.read_text()) == []


@pytest.mark.parametrize("module", MODULES, ids=short)
def test_a_module_is_short(module):
    assert len(module.read_text().splitlines()) < 100


@pytest.mark.parametrize("module", MODULES, ids=short)
def test_a_module_keeps_nothing_and_disturbs_nobody(module):
    kept = r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.|serviceWorker"
    loud = r"Notification|vibrate|new Audio|\.play\(|pushState|alert\(|confirm\("

    # The one mark that leaving without a connection needs says nothing, and the next answer takes it away.
    text = re.sub(r'document\.cookie = [^;]*"(?:__Host-)?out=1; path=/;', "", module.read_text())

    assert re.findall(f"{kept}|{loud}", text) == []


def test_a_panel_fetches_what_makes_it_live_after_it_is_drawn():
    page = drawing.draw_page(
        "pages/here",
        "en",
        regions=drawing.draw_panel("member", panel_for(moments()["started"], "wren"), "en"),
        number=1,
        key="k",
        role="member",
        refusal="",
        tap="",
        **AROUND,
    )

    # Our own modules come in one file each (companion/bundles.py); the first fetches the second once the page is drawn.
    assert set(re.findall(r'<script type="module" src="/static/\w+/([^"]+)"', page)) == {"js/discreet.js"}
    assert re.findall(r'data-script="/static/\w+/([^"]+)"', page) == ["js/main.js"]
    assert imported_from("js/main.js") & imported_from("js/discreet.js") == set(), "it would run twice"


@pytest.mark.parametrize("module", MODULES, ids=short)
def test_a_module_imports_and_exports_in_the_one_way_that_joining_knows(module):
    text = module.read_text()

    assert len(re.findall(r"\bimport\b", text)) == len(bundles.IMPORT.findall(text))
    assert len(re.findall(r"^export\b", text, re.MULTILINE)) == len(bundles.EXPORT.findall(text))


def test_joined_modules_hold_everything_and_import_nothing_of_ours():
    for path in bundles.MODULES:
        text, kind = bundles.bundle(drawing.STATIC, path)
        own = [module for module in imported_from(path, path) if "vendor" not in module]
        others = {f"js/{name}" for name in re.findall(r'from "\./([^"]+)"', text.decode())}
        assert kind == "text/javascript"
        assert [
            name for name in set(own) - others if f"const ${Path(name).stem} = (() => {{" not in text.decode()
        ] == []
        # Another such file is fetched as it stands: joined in as well, it would run twice.
        assert others == bundles.MODULES & set(own) - {path}


def imported_from(module, main=None):
    path = ROOT / "static" / module
    found = {module}
    if "vendor" not in module and (main in (None, module) or module not in bundles.MODULES):
        for other in re.findall(r'from "([^"]+)"', path.read_text()):
            found |= imported_from((path.parent / other).resolve().relative_to(ROOT / "static").as_posix(), main)
    return found
