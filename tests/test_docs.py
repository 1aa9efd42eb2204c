"""The site: it builds without a warning, has everything that is public, and asks for nothing from anywhere."""

from __future__ import annotations

import csv
import importlib
import inspect
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from spacy.tokens.underscore import Underscore
from sphinx.util.inventory import InventoryFile

import stancegraph

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
READ_BY_SPHINX = {
    "literalinclude",
    "include",
    "toctree",
    "eval-rst",
    "module-docstring",
    "components",
    "input-formats",
    "meanings",
}
RUN = {"python", "console", "yaml", "code-block"}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-E", "-W", "--keep-going", "-q", "-d", str(folder / "trees")]
    done = subprocess.run([*command, str(DOCS), str(folder / "html")], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return folder / "html"


def packages():
    """Every part of the package that says what of it is public; training needs torch."""
    yield stancegraph
    for found in pkgutil.walk_packages(stancegraph.__path__, "stancegraph."):
        if not found.name.startswith("stancegraph.training"):
            module = importlib.import_module(found.name)
            if hasattr(module, "__all__"):
                yield module


def test_everything_public_has_an_entry(site):
    inventory = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="")
    entries = {name for domain, kind, name in _entries(inventory) if domain == "py" and kind != "module"}
    missing = []
    for module in packages():
        for name in module.__all__:
            thing = getattr(module, name)
            own = f"{getattr(thing, '__module__', '')}.{getattr(thing, '__qualname__', '')}"
            top = f"stancegraph.{name}" if getattr(stancegraph, name, None) is thing else own
            if entries.isdisjoint({f"{module.__name__}.{name}", own, top}):
                missing.append(f"{module.__name__}.{name}")
    assert missing == [], "these belong on a page in docs/reference/"


def _entries(inventory):
    for key, names in inventory.data.items():
        domain, kind = key.split(":", 1)
        for name in names:
            yield domain, kind, name


def test_public_functions_say_what_their_arguments_are():
    untold = []
    for module in packages():
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isfunction(thing):
                said = inspect.getdoc(thing) or ""
                untold += [
                    f"{module.__name__}.{name}: {p}" for p in inspect.signature(thing).parameters if f"    {p}: " not in said
                ]
    assert untold == []


def test_every_extension_of_a_doc_is_described():
    page = (DOCS / "reference" / "pipeline.md").read_text(encoding="utf8")
    importlib.import_module("stancegraph.pipeline")
    assert set(Underscore.doc_extensions) == set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


def test_every_field_of_the_written_files_is_described(debate, tmp_path):
    from stancegraph.exports import write_positions_csv, write_positions_jsonl

    page = (DOCS / "reference" / "files.md").read_text(encoding="utf8")
    write_positions_csv(debate, tmp_path / "positions.csv")
    with (tmp_path / "positions.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == _described(page, "## positions.csv")
    write_positions_jsonl(debate, tmp_path / "positions.jsonl")
    line = json.loads((tmp_path / "positions.jsonl").read_text(encoding="utf8").splitlines()[0])
    assert set(line) == set(_described(page, "## positions.jsonl"))
    debate.save(tmp_path / "graph.json")
    assert set(json.loads((tmp_path / "graph.json").read_text(encoding="utf8"))) == set(_described(page, "## graph.json"))


def _described(page, heading):
    """Return the names in the first column of the table under a heading."""
    section = page.split(f"{heading}\n", 1)[1].split("\n## ", 1)[0]
    return [name for row in re.findall(r"^\| (`.*?`) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.glob("**/*.md"))], ids=lambda page: page.name)
def test_no_block_of_a_page_is_left_unrun(page):
    languages = set(re.findall(r"^```\{?([\w-]*)\}?", page.read_text(encoding="utf8"), re.MULTILINE)) - {""}
    assert languages <= RUN | READ_BY_SPHINX


def test_figures_in_the_guide_are_those_of_the_readme():
    told = (DOCS / "guide" / "first-graph.md").read_text(encoding="utf8")
    line = re.search(r"^- On US political news,.*?reach.*?\.$", told, re.MULTILINE | re.DOTALL)
    assert line is not None
    rows = re.findall(
        r"^\| (?:US political news|two careful annotators).*", (ROOT / "README.md").read_text(encoding="utf8"), re.M
    )
    assert re.findall(r"0\.\d\d", line[0]) == [f for row in rows for f in re.findall(r"0\.\d\d", row)[:3]]


def test_no_page_asks_for_anything_from_the_network(site):
    for file in sorted(site.rglob("*.html")):
        page = BeautifulSoup(file.read_text(encoding="utf8"), "lxml")
        asked = [tag.get("src") or tag.get("href") for tag in page.select("[src], link[href]:not([rel=canonical])")]
        assert [address for address in asked if urlsplit(address).scheme not in ("", "data")] == [], file.name
    for file in (*site.rglob("*.css"), *site.rglob("*.js")):
        assert not re.search(r"(url\(|@import|import\(|fetch\()\s*[\"']?(https?:)?//", file.read_text(encoding="utf8")), (
            file.name
        )


@pytest.fixture
def watched(chromium, site):
    """Open pages of the site from disk; fail if one asks for anything but a file of the site, or complains."""
    faults, contexts = [], []

    def opened(name, *, width=1280, dark=False):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
        contexts.append(context)
        context.on("request", lambda r: None if r.url.startswith(site.as_uri()) else faults.append(r.url))
        page = context.new_page()
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{site.as_uri()}/{name}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.mark.parametrize(("width", "dark"), [(360, False), (1280, True)])
def test_pages_fit_and_can_be_read(watched, site, width, dark):
    page = watched("index.html", width=width, dark=dark)
    for file in sorted(site.glob("*/*.html") if width == 360 else ()):
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), file.name
    for name in ("guide/first-graph.html", "reference/models.html"):
        page.goto(f"{site.as_uri()}/{name}")
        violations = Axe().run(page, options={"preload": False}).response["violations"]
        serious = [f"{v['id']}: {v['nodes'][0]['html']}" for v in violations if v["impact"] in ("serious", "critical")]
        assert serious == [], name


def test_search_works_from_disk(watched):
    page = watched("search.html?q=polarisation")
    page.wait_for_selector("ul.search li a")
    assert any("polarisation" in text for text in page.locator("ul.search li").all_inner_texts())
