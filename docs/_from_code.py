"""Parts of the site that are made from the code: names in docstrings, docstrings of modules, components, commands."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from contextlib import suppress
from types import GenericAlias, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

import networkx as nx
import typer
from docutils import nodes
from docutils.statemachine import StringList
from pydantic import BaseModel
from pydantic.dataclasses import is_pydantic_dataclass
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode
from typer.cli import get_docs_for_click

import stancegraph
from stancegraph.documents.registry import READERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_NAME = re.compile(r"[A-Za-z_]\w*(\.\w+)*")
_NAMED = "code-or-name"
_COMMANDS = "reference/command-line"


class CodeOrName(SphinxRole):
    """What stands in single backticks in a docstring: code, and a link where it names something of this package."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the code, in a reference that need not be found."""
        code = nodes.literal(self.text, self.text)
        if not _NAME.fullmatch(self.text):
            return [code], []
        place = ".".join(filter(None, (self.env.ref_context.get(key) for key in ("py:module", "py:class"))))
        where = {"refdoc": self.env.docname, "place": place, "refwarn": False}
        return [addnodes.pending_xref("", code, refdomain="", reftype=_NAMED, reftarget=self.text, **where)], []


def _named(app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, code: nodes.Element) -> nodes.Element | None:
    """Make a link of a name: to what is called so where it stands, or to the one thing that is called so at all."""
    if node["reftype"] != _NAMED:
        return None
    known, name = env.domains["py"].objects, node["reftarget"]  # type: ignore[attr-defined]
    parts = node["place"].split(".")
    around = [".".join((*parts[:length], name)) for length in range(len(parts), -1, -1)]
    anywhere = [known[full].node_id for full in known if full.endswith(f".{name}")]
    found = next((known[full] for full in around if full in known), None)
    if found is None and len(set(anywhere)) == 1:
        found = next(entry for entry in known.values() if entry.node_id == anywhere[0])
    return make_refnode(app.builder, node["refdoc"], found.docname, found.node_id, code, name) if found else code


class ModuleDocstring(SphinxDirective):
    """The docstring of a module, which is written in Markdown, below its first sentence."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the docstring as if it stood on the page."""
        module = importlib.import_module(self.arguments[0])
        return _markdown(self, inspect.getdoc(module) or "")


class Components(SphinxDirective):
    """The components of the shipped pipeline, in their order: what each needs, sets and can be told."""

    def run(self) -> list[nodes.Node]:
        """Return a table."""
        nlp = stancegraph.load()
        rows = ["| component | needs | sets | settings |", "| --- | --- | --- | --- |"]
        for name, meta in ((name, nlp.get_pipe_meta(name)) for name in nlp.pipe_names):
            config = nlp.config["components"][name]
            settings = [f"`{key}={config[key]!r}`" for key in meta.default_config if key in config]
            cells = (f"`{name}`", _listed(meta.requires), _listed(meta.assigns), ", ".join(settings) or "–")
            rows.append(f"| {' | '.join(cells)} |")
        return _markdown(self, "\n".join(rows))


class InputFormats(SphinxDirective):
    """The formats that documents are read from: the suffixes, and what the module that reads them says."""

    def run(self) -> list[nodes.Node]:
        """Return one paragraph or more for each format."""
        suffixes: dict[str, list[str]] = defaultdict(list)
        for suffix, reader in READERS.items():
            suffixes[reader.__module__].append(f"`{suffix}`")
        said = (f"{', '.join(of)}: {inspect.getdoc(importlib.import_module(name))}" for name, of in suffixes.items())
        return _markdown(self, "\n\n".join(said))


class Meanings(SphinxDirective):
    """A mapping of the code from names to what they mean, as a table."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        module, name = self.arguments
        meanings: dict[str, str] = getattr(importlib.import_module(module), name)
        rows = [f"| `{key}` | {meaning.replace('|', chr(92) + '|')} |" for key, meaning in meanings.items()]
        return _markdown(self, "\n".join(("| field | what it is |", "| --- | --- |", *rows)))


def _listed(names: Any) -> str:  # noqa: ANN401 - spaCy's own lists of names
    return ", ".join(f"`{name}`" for name in names) or "–"


def _markdown(directive: SphinxDirective, text: str) -> list[nodes.Node]:
    box = nodes.container()
    directive.state.nested_parse(StringList(text.splitlines(), source=directive.env.docname), directive.content_offset, box)
    return box.children


def _with_commands(_: Sphinx, page: str, source: list[str]) -> None:
    """Put what typer says of each command below the text of the page for them."""
    if page != _COMMANDS:
        return
    from stancegraph.cli import app

    command = typer.main.get_command(app)
    context = command.context_class(command, info_name="stancegraph")
    said = get_docs_for_click(obj=command, ctx=context, name="stancegraph", title="")
    _, _, commands = said.partition("\n## ")
    source[0] += f"\n## {commands}"


def _modules() -> Iterator[ModuleType]:
    """Yield the modules of the package but those for training, which need torch."""
    for found in pkgutil.walk_packages(stancegraph.__path__, "stancegraph."):
        if not found.name.startswith("stancegraph.training"):
            yield importlib.import_module(found.name)


def _resolve_types(*_: object) -> None:
    """Make signatures readable at run time as they are to type checkers, so that types are shown in full and linked."""
    nx.Graph.__class_getitem__ = classmethod(GenericAlias)  # type: ignore[attr-defined] # as its type stubs have it
    modules = list(_modules())
    for module in modules:
        for part in ast.parse(inspect.getsource(module)).body:
            if isinstance(part, ast.If) and ast.unparse(part.test) == "TYPE_CHECKING":
                with suppress(ImportError):
                    exec(compile(ast.Module(part.body, []), module.__name__, "exec"), module.__dict__)  # noqa: S102
    for module in modules:
        for kind in vars(module).values():
            if inspect.isclass(kind) and kind.__module__ == module.__name__:
                _resolve_fields(kind)


def _resolve_fields(kind: type) -> None:
    if issubclass(kind, BaseModel):
        types = get_type_hints(kind, include_extras=True)
        kind.__annotations__ = {field: _plain(types[field]) for field in kind.model_fields}
    elif is_pydantic_dataclass(kind):
        types = get_type_hints(kind, include_extras=True)
        kind.__annotations__ = {field: _plain(types[field]) for field in kind.__pydantic_fields__}
        signature = inspect.signature(kind)
        fields = [field.replace(annotation=kind.__annotations__[name]) for name, field in signature.parameters.items()]
        kind.__signature__ = signature.replace(parameters=fields, return_annotation=signature.empty)  # type: ignore[attr-defined]
        kind.__init__.__annotations__ = dict(kind.__annotations__)
    elif inspect.isfunction(kind.__init__) and not hasattr(kind, "_fields"):
        kind.__init__.__annotations__ = get_type_hints(kind.__init__)


def _plain(kind: Any) -> Any:  # noqa: ANN401 - any type
    """Return a type without what pydantic is to check about its values."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    inside = tuple(_plain(part) for part in get_args(kind))
    if get_origin(kind) in (Union, UnionType):
        return Union[inside]  # noqa: UP007 - of any number
    return get_origin(kind)[inside] if inside else kind  # type: ignore[index]


def _without_numbers(_: Sphinx, __: str, ___: str, obj: Any, ____: bool, *_____: object) -> bool | None:  # noqa: ANN401
    """Leave out the fields of named tuples, which are among the arguments already."""
    return True if (inspect.getdoc(obj) or "").startswith("Alias for field number") else None


def _for_all_readers(_: Sphinx, __: str, ___: str, context: dict[str, Any], ____: object) -> None:
    """Mend what keeps those out who listen to a page or have no mouse: headings without a level, code out of reach."""
    for part in ("body", "furo_navigation_tree"):
        mended = str(context.get(part, "")).replace('role="heading"', 'role="heading" aria-level="2"')
        context[part] = mended.replace("<pre>", '<pre tabindex="0">')


def setup(app: Sphinx) -> dict[str, bool]:
    """Register all of it."""
    app.add_role(_NAMED, CodeOrName())
    app.connect("missing-reference", _named)
    app.add_directive("module-docstring", ModuleDocstring)
    app.add_directive("components", Components)
    app.add_directive("input-formats", InputFormats)
    app.add_directive("meanings", Meanings)
    app.connect("builder-inited", _resolve_types)
    app.connect("autodoc-skip-member", _without_numbers)
    app.connect("html-page-context", _for_all_readers, priority=900)  # after the theme
    app.connect("source-read", _with_commands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
