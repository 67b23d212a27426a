"""Templates that are worked out ahead, as far as that can be: there is an environment for each language, so its
sentences, pictures and addresses are known when a template is read, and only what a view brings is left to be drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableMapping
from functools import lru_cache
from gettext import NullTranslations
from typing import Any, TypeVar

from jinja2 import BaseLoader, Environment, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from companion.kept_parts import SENTENCES, KeptParts, check
from companion.template_code import Code, Macros, macros_in

PICTURES, WORDS = "parts/icons.html", "parts/words.html"  # macros of these with one argument say the same for ever
PLACES = re.compile(r"%\((\w+)\)s|%%")
LINES = re.compile(r"\s*\n\s*")
Imports = TypeVar("Imports", nodes.Import, nodes.FromImport)
AS_IT_IS = re.compile(r"<(pre|textarea)\b")  # where a line's beginning means something


class Templates(Environment):
    """The templates in the sentences of one language."""

    code_generator_class = Code
    marked = frozenset({"same", "hidden_fields"})

    def __init__(self, loader: BaseLoader, language: str, translations: NullTranslations) -> None:
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n", KeptParts],
        )
        self.language = language
        self._macros: dict[str, Macros] = {}
        self._imported: dict[str, object] = {}
        self.translated = translations.gettext
        self.known: dict[str, Callable[..., str]] = {}  # functions that answer the same to the same for ever
        self.drawn_once = self.globals["same"] = lru_cache(maxsize=512)(self._draw_once)
        self.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]

    def is_same(self, template: str, macro: str) -> bool:
        """Whether this macro is of those that are drawn once for each value of their one argument."""
        found: Any = getattr(self.get_template(template).module, macro, None)
        return getattr(found, "arguments", None) in (("name",), ("code",))

    def _draw_once(self, template: str, macro: str, of: object) -> Markup:
        module: Any = self.get_template(template).module
        return Markup(getattr(module, macro)(of))  # noqa: S704 - a template has drawn it

    def macros_of(self, template: str) -> Macros:
        """The macros of a template, without drawing anything."""
        if template not in self._macros:
            source = self.loader.get_source(self, template)[0] if self.loader else ""
            self._macros[template] = dict(macros_in(self.parse(source)))
        return self._macros[template]

    def imported(self, template: str) -> object:
        """A template as others import it: the same for all, since none has anything of its own."""
        found = self._imported.get(template)
        if found is None:
            found = self._imported[template] = self.get_template(template).module
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """No template has globals of its own, so all share one dictionary: the library's chain of two is slow."""
        return super().make_globals(d) if d else self.globals

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        # The hook that the library keeps for this.
        check(source, name)
        tree = _Ahead(self, source).visit(source)
        _shorten(tree)
        return super()._generate(tree, name, filename, defer_init)


class _Ahead(NodeTransformer):
    """Puts in the place of a call what it would answer, where all of it is known."""

    def __init__(self, templates: Templates, tree: nodes.Template) -> None:
        self._templates = templates
        self._macros = {name: PICTURES for each in _imports(tree, nodes.FromImport, PICTURES) for name in each.names}
        self._modules = {each.target: WORDS for each in _imports(tree, nodes.Import, WORDS)}

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        """A sentence, a picture or an address."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if plain and len(node.args) == 1 and (macro := self._macro(node.node)):
            return self._drawn_once(node, *macro)
        if not all(isinstance(arg, nodes.Const) for arg in node.args):
            return node
        values = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
        if name in SENTENCES and len(values) == 1 and not (node.dyn_args or node.dyn_kwargs):
            return _sentence(self._templates.translated(values[0]), node)
        if name in self._templates.known and plain:
            return _there(node, nodes.Const(self._templates.known[name](*values)))
        return node

    def _macro(self, called: nodes.Expr) -> tuple[str, str] | None:
        found = None
        if isinstance(called, nodes.Name) and called.name in self._macros:
            found = (self._macros[called.name], called.name)
        elif isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name):
            found = (self._modules.get(called.node.name, ""), called.attr)
        return found if found and found[0] and self._templates.is_same(*found) else None

    def _drawn_once(self, node: nodes.Call, template: str, macro: str) -> nodes.Expr:
        of = node.args[0]
        if isinstance(of, nodes.Const):
            drawn = self._templates.drawn_once(template, macro, of.value)
            return _there(node, nodes.TemplateData(str(drawn)))
        given = [nodes.Const(template), nodes.Const(macro), of]
        return _there(node, nodes.Call(nodes.Name("same", "load"), given, [], None, None))


def _sentence(text: str, call: nodes.Call) -> nodes.Expr:
    # As the library does it while drawing: the sentence is markup, and what stands in its places is escaped.
    given = {each.key: each.value for each in call.kwargs}
    pieces: list[nodes.Expr] = []
    end = 0
    for place in PLACES.finditer(text):
        pieces.append(nodes.TemplateData(text[end : place.start()] + ("%" if place.group() == "%%" else "")))
        if place.group(1):
            if place.group(1) not in given:
                return call  # a mistake that is said when it is drawn
            pieces.append(given[place.group(1)])
        end = place.end()
    pieces.append(nodes.TemplateData(text[end:]))
    made: nodes.Expr = nodes.Concat(pieces) if given else nodes.TemplateData("".join(_data(pieces)))
    return _there(call, made)


def _there(call: nodes.Call, made: nodes.Expr) -> nodes.Expr:
    made.set_lineno(call.lineno)
    return made


def _data(pieces: list[nodes.Expr]) -> Iterator[str]:
    return (piece.data for piece in pieces if isinstance(piece, nodes.TemplateData))


def _shorten(tree: nodes.Template) -> None:
    # Between two lines a browser sees one space, however far the second is indented. A phone loads every byte.
    pieces = list(tree.find_all(nodes.TemplateData))
    if not any(AS_IT_IS.search(piece.data) for piece in pieces):
        for piece in pieces:
            piece.data = LINES.sub("\n", piece.data)


def _imports(tree: nodes.Template, kind: type[Imports], template: str) -> list[Imports]:
    found = tree.find_all(kind)
    return [each for each in found if isinstance(each.template, nodes.Const) and each.template.value == template]
