"""What is worked out when a template is read is what would have been drawn; a kept part uses only what it names."""

from __future__ import annotations

from gettext import NullTranslations

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateSyntaxError, UndefinedError
from markupsafe import Markup

from companion.kept_parts import Kept
from companion.templating import Templates

HOSTILE = '<b onclick="x">%(name)s & co</b>'


class Turned(NullTranslations):
    """A language in which sentences are longer, and one has its places the other way round."""

    def gettext(self, message: str) -> str:
        return "%(all)s <i>of</i> %(name)s, 100%%" if message == "both" else f"[[{message}]]"


def both(template: str, **others: str) -> tuple[Templates, Environment]:
    """Our templates and the library's own, with the same sentences."""
    texts = DictLoader({"page.html": template, **others})
    plain = Environment(loader=texts, autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"])
    plain.install_gettext_translations(Turned(), newstyle=True)
    return Templates(texts, "xx", Turned()), plain


@pytest.mark.parametrize(
    "template",
    [
        '{{ _("Plain & simple") }}',
        '{{ _("Half of it: 50%%") }}',
        '{{ _("For %(name)s", name=name) }}',
        '{{ _("both", name=name, all=number) }}',
        '{{ _("For %(name)s", name=marked) }}',
        '{{ _("For %(name)s", name=names | join(", ")) }}',
        '{% set said = _("For %(name)s", name=name) %}<p title="{{ said }}">{{ said ~ "<" }}</p>',
        '{{ _("A") if number else _("B") }}{{ {"a": _("A")}["a"] }}',
        '{% macro say(what) %}<i>{{ what }}</i>{% endmacro %}{{ say(_("For %(name)s", name=name)) }}{{ say(name) }}',
        '{{ ngettext("%(num)s day", "%(num)s days", number) }}',
        '{{ gettext("both") if number == 0 else gettext("A") }}',
    ],
)
def test_a_sentence_is_drawn_as_the_library_would_draw_it(template):
    ours, plain = both(template)
    given = {"name": HOSTILE, "number": 3, "marked": Markup("<em>M</em>"), "names": [HOSTILE, "Wren"]}

    assert ours.get_template("page.html").render(given) == plain.get_template("page.html").render(given)


def test_a_place_without_a_value_is_still_a_mistake():
    ours, _ = both('{{ _("For %(name)s", nobody=1) }}')

    with pytest.raises(KeyError):
        ours.get_template("page.html").render()


def test_pictures_and_words_are_drawn_once_for_each_value():
    parts = {
        "parts/icons.html": "{% macro icon(name) -%}<svg>{{ name }}</svg>{%- endmacro %}",
        "parts/words.html": '{% macro desk(code) %}{{ {"care": _("Care")}[code] }}{% endmacro %}'
        "{% macro to(code, name) %}{{ code }} {{ name }}{% endmacro %}",
    }
    ours, plain = both(
        '{% from "parts/icons.html" import icon %}{% import "parts/words.html" as words %}'
        '{{ icon("a") }}{{ icon(sign) }}{{ words.desk("care") }}{{ words.desk(code) }}{{ words.to(code, name) }}',
        **parts,
    )
    given = {"sign": HOSTILE, "code": "care", "name": HOSTILE}

    for _ in range(2):
        assert ours.get_template("page.html").render(given) == plain.get_template("page.html").render(given)
    # Two arguments could be somebody's name: nothing of that is remembered beyond the drawing.
    assert ours.drawn_once.cache_info().currsize == 3


PARTS = """
{%- macro act(name, label, look="main", about=None) -%}
<button class="{{ look }}" name="{{ name }}">{{ label }}{% if about is not none %} {{ about }}{% endif %}</button>
{%- endmacro %}
{%- macro card(title) %}<div><h2>{{ title }}</h2>{{ caller() }}</div>{% endmacro %}
{%- macro all(first) %}{{ first }}{{ varargs | join }}{{ kwargs.last }}{% endmacro %}
{%- macro twice(label) %}{{ act("a", label) }}{{ act("b", label, about=label) }}{% endmacro %}"""
HEAD = '{% from "parts/acts.html" import act, card, all, twice %}{% import "parts/acts.html" as acts %}'


@pytest.mark.parametrize(
    "template",
    [
        '{{ act("go", name) }}',
        '{{ act("go", name, "quiet", name) }}{{ act("go", about=name, label=marked) }}',
        '{{ acts.act("go", name, look=name) }}{{ acts.twice(name) }}{{ twice(marked) }}',
        '{% set said = act("go", name) %}{{ said }}{{ said ~ name }}{{ act("go", act("in", name)) }}',
        "{% for each in names %}{{ act(each, loop.index) }}{{ acts.act(loop.index, each) }}{% endfor %}",
        '{% call card(name) %}{{ act("go", name) }}{% endcall %}',
        '{{ all(name, name, name, last=name) }}{{ act(**{"name": "x", "label": name}) }}{{ act(*names) }}',
        '{% macro act2(act) %}{{ act.upper() }}{% endmacro %}{{ act2(name) }}{{ name.replace("b", name) }}',
        '{% macro own(label) %}{{ act("go", label) }}{% endmacro %}{{ own(name) }}{{ own(label=marked) }}',
        '{% macro own() %}{% from "parts/acts.html" import twice as act %}{{ act(name) }}{% endmacro %}{{ own() }}',
        '{{ act("go", name) if number else name }}{{ (act("go", name) | length) > 0 }}{{ range(number) | list }}',
        '{% for act in names %}{{ act }}{% endfor %}{{ act("go", name) }}',
        '{% with act = acts.twice %}{{ act(name) }}{% endwith %}{{ act("go", name) }}',
    ],
)
def test_what_a_template_calls_is_drawn_as_the_library_would_draw_it(template):
    ours, plain = both(HEAD + template, **{"parts/acts.html": PARTS})
    given = {"name": HOSTILE, "number": 3, "marked": Markup("<em>M</em>"), "names": [HOSTILE, "Wren"]}

    assert ours.get_template("page.html").render(given) == plain.get_template("page.html").render(given)


@pytest.mark.parametrize("call", ['act("go")', "act()", "nobody(1)", "acts.nobody(1)", "name.nobody(1)", "name()"])
def test_a_call_that_is_wrong_is_still_a_mistake(call):
    ours, plain = both(HEAD + "{{ " + call + " }}", **{"parts/acts.html": PARTS})

    for each in (ours, plain):
        with pytest.raises((UndefinedError, TypeError)):
            each.get_template("page.html").render(name="Wren")


@pytest.mark.parametrize("call", ['act("go", 1, colour=2)', "act(1, 2, 3, 4, 5)", 'act("go", 1, name=2)'])
def test_a_macro_takes_no_more_than_it_names(call):
    ours, _ = both(HEAD + "{{ " + call + " }}", **{"parts/acts.html": PARTS})

    with pytest.raises(TypeError):
        ours.get_template("page.html").render()


def test_nobody_gives_a_page_another_function_than_ours_and_so_goes_round_the_escaping():
    ours, _ = both("{{ hidden_fields(1) }}")
    ours.globals["hidden_fields"] = lambda number: Markup("<i>%s</i>") % number

    assert ours.get_template("page.html").render(hidden_fields=lambda number: "<script>") == "<i>1</i>"


def test_lines_lose_their_indentation_but_not_where_it_means_something():
    ours, _ = both("<p>\n    one\n\n    two</p>")
    kept, _ = both("<pre>\n    one\n    two</pre>")

    assert ours.get_template("page.html").render() == "<p>\none\ntwo</p>"
    assert kept.get_template("page.html").render() == "<pre>\n    one\n    two</pre>"


def test_a_kept_part_is_drawn_again_when_any_of_what_it_names_is_another():
    ours, _ = both('{% kept view.turn, one %}<li id="{{ one }}">{{ view.turn }}</li>{% endkept %}')
    template, kept = ours.get_template("page.html"), Kept(1000)

    def drawn(turn: int, one: str) -> tuple[str, bool]:
        made = len(kept._parts)
        drawing = kept.drawing(lambda: template.render(view={"turn": turn}, one=one, kept=kept))
        return drawing.html(), len(kept._parts) > made

    assert drawn(1, "a") == ('<li id="a">1</li>', True)
    assert drawn(1, "a") == ('<li id="a">1</li>', False)
    assert drawn(2, "a") == ('<li id="a">2</li>', True)
    assert drawn(2, "b") == ('<li id="b">2</li>', True)
    assert template.render(view={"turn": 1}, one="a") == '<li id="a">1</li>'


def test_nobody_can_write_the_mark_of_a_part():
    ours, _ = both("{% kept one %}<i>{{ one }}</i>{% endkept %}{{ two }}")
    kept = Kept(1000)
    words = "\0 \0\0 {% kept %}"

    drawing = kept.drawing(lambda: ours.get_template("page.html").render(one="a", two=words, kept=kept))

    assert drawing.html() == f"<i>a</i>{words}"


@pytest.mark.parametrize(
    "body",
    [
        "{{ two }}",
        "{{ view.other }}",
        "{{ view }}",
        "{% if two %}x{% endif %}",
        "{% for x in view.others %}{% endfor %}",
    ],
)
def test_a_kept_part_that_uses_what_it_does_not_name_is_refused_when_it_is_read(body):
    ours, _ = both("{% kept one, view.turn %}" + body + "{% endkept %}")

    with pytest.raises(TemplateSyntaxError, match="which it does not name"):
        ours.get_template("page.html")


@pytest.mark.parametrize(
    "body",
    [
        "{{ one }}{{ one.more }}{{ view.turn }}",
        "{% for x in one %}{{ x }}{{ loop.index }}{% endfor %}",
        "{% set x = one %}{{ x }}",
        '{{ _("A") }}{{ tap }}{{ said(one) }}{{ fixed["a"] }}',
    ],
)
def test_a_kept_part_may_use_what_it_names_and_what_is_the_same_for_all(body):
    head = '{% macro said(it) %}{{ it }}{% endmacro %}{% set fixed = {"a": "b"} %}'
    ours, _ = both(head + "{% kept one, view.turn %}" + body + "{% endkept %}")

    ours.get_template("page.html")


def test_what_is_worked_out_at_the_top_is_not_the_same_for_all():
    ours, _ = both("{% set worked_out = view.turn %}{% kept one %}{{ worked_out }}{% endkept %}")

    with pytest.raises(TemplateSyntaxError, match="worked_out"):
        ours.get_template("page.html")


def test_a_kept_part_stands_in_no_other():
    ours, _ = both("{% kept one %}{% kept one %}x{% endkept %}{% endkept %}")

    with pytest.raises(TemplateSyntaxError, match="a kept part in a kept part"):
        ours.get_template("page.html")


def test_a_value_that_is_missing_is_still_a_mistake():
    ours, _ = both("{% kept one %}{{ one }}{% endkept %}")

    with pytest.raises(UndefinedError):
        ours.get_template("page.html").render(kept=None)
