"""The Python that templates become, with less between a call and what it calls.

The library looks at each call while it draws: what is called, whether it wants to know more, which of its parameters
were given. Of our own macros and functions all of that is known when a template is read. It is asked for what it
offers extensions, its generator of code; whatever is not surely one of these is left as it writes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, cast

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, find_undeclared

SPECIAL = ("caller", "kwargs", "varargs")
Parameters = tuple[str, ...]  # of a macro
Macros = Mapping[str, Parameters]  # of one template, by name


class Library(Protocol):
    """What the environment knows of its templates beside what the library's does."""

    globals: Mapping[str, Any]
    marked: frozenset[str]  # functions that return markup

    def macros_of(self, template: str) -> Macros:
        """The macros of a template."""


class Code(CodeGenerator):
    """Writes one template."""

    _plain: Mapping[str, Parameters] = {}  # macros that can be called by one name
    _inside: Mapping[str, Macros] = {}  # and by their place in a template that is imported as a whole
    _given: Mapping[str, int] = {}  # how often a name stands for something of the template's own

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """All of it. A name that stands for two things anywhere in it is left to the library."""
        library = cast("Library", self.environment)
        plain, inside = dict(macros_in(node)), {}
        for each in node.body:
            if isinstance(each, nodes.FromImport) and isinstance(each.template, nodes.Const):
                there = library.macros_of(each.template.value)
                plain.update({name: there[name] for name in each.names if isinstance(name, str) and name in there})
            elif isinstance(each, nodes.Import) and isinstance(each.template, nodes.Const):
                inside[each.target] = library.macros_of(each.template.value)
        given = Counter(_given_in(node))
        self._plain = {name: parameters for name, parameters in plain.items() if given[name] == 1}
        self._inside = {name: macros for name, macros in inside.items() if given[name] == 1}
        self._given = given
        super().visit_Template(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """One call."""
        given = None if forward_caller else self._arguments(node)
        if given is not None:
            self.write("Markup(")
            self._call_macro(node, given, frame)
            self.write(")")
        elif not forward_caller and self._wants_nothing(node):
            self._call(node, frame)
        else:
            super().visit_Call(node, frame, forward_caller=forward_caller)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if self._is_markup(node):
            self.write("(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        if isinstance(node.template, nodes.Const) and not node.with_context:
            self.write(f"environment.imported({node.template.value!r})")
        else:
            super()._import_common(node, frame)

    def _parameters(self, called: nodes.Expr) -> Parameters | None:
        if isinstance(called, nodes.Name):
            return self._plain.get(called.name)
        if isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name):
            return self._inside.get(called.node.name, {}).get(called.attr)
        return None

    def _arguments(self, node: nodes.Call) -> list[nodes.Expr | None] | None:
        # In the order of the parameters; None for those that are not given.
        parameters = self._parameters(node.node)
        if parameters is None or node.dyn_args or node.dyn_kwargs or len(node.args) > len(parameters):
            return None
        named = {each.key: each.value for each in node.kwargs}
        left = parameters[len(node.args) :]
        return None if named.keys() - set(left) else [*node.args, *map(named.get, left)]

    def _call_macro(self, node: nodes.Call, given: list[nodes.Expr | None], frame: Frame) -> None:
        self.visit(node.node, frame)
        self.write("._func(")
        for each in given:
            if each is None:
                self.write("missing")
            else:
                self.visit(each, frame)
            self.write(", ")
        self.write(")")

    def _call(self, node: nodes.Call, frame: Frame) -> None:
        if isinstance(node.node, nodes.Name):
            self.write(f"environment.globals[{node.node.name!r}]")  # whatever a page is given by this name
        else:
            self.visit(node.node, frame)
        self.write("(")
        for each in (*node.args, *node.kwargs):
            self.visit(each, frame)
            self.write(", ")
        self.write(")")

    def _wants_nothing(self, node: nodes.Call) -> bool:
        # A method of a value, or a function of ours that does not ask for the library's context.
        if node.dyn_args or node.dyn_kwargs:
            return False
        if isinstance(node.node, nodes.Getattr):
            owner = node.node.node
            return not (isinstance(owner, nodes.Name) and owner.name in self._inside)
        return isinstance(node.node, nodes.Name) and self._is_function(node.node.name)

    def _is_function(self, name: str) -> bool:
        found = cast("Library", self.environment).globals.get(name)
        return found is not None and name not in self._given and not hasattr(found, "jinja_pass_arg")

    def _is_markup(self, node: nodes.Expr) -> bool:
        if not isinstance(node, nodes.Call):
            return False
        if self._arguments(node) is not None:
            return True
        marked = cast("Library", self.environment).marked
        return isinstance(node.node, nodes.Name) and node.node.name in marked and self._wants_nothing(node)


def macros_in(tree: nodes.Template) -> Iterator[tuple[str, Parameters]]:
    """The macros at the top of a template that take what they name and nothing else."""
    for node in tree.body:
        if isinstance(node, nodes.Macro) and not find_undeclared(node.body, SPECIAL):
            parameters = tuple(arg.name for arg in node.args)
            if not set(parameters) & set(SPECIAL):
                yield node.name, parameters


def _given_in(tree: nodes.Template) -> Iterator[str]:
    # Every name that stands for something of this template's own, as often as it does.
    for node in tree.find_all((nodes.Name, nodes.Macro, nodes.Import, nodes.FromImport)):
        if isinstance(node, nodes.FromImport):
            yield from (name if isinstance(name, str) else name[1] for name in node.names)
        elif isinstance(node, nodes.Import):
            yield node.target
        elif isinstance(node, nodes.Macro) or (isinstance(node, nodes.Name) and node.ctx != "load"):
            yield node.name
