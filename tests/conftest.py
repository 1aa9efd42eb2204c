"""What tests share: a real browser that reports everything a page does behind its reader's back."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from page_example import documents_and_positions
from playwright.sync_api import Browser, Page, sync_playwright

from stancegraph.graph import assemble
from stancegraph.page import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from stancegraph.graph import StanceGraph

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless; a test that needs it fails where there is none."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("The tests of the page need Chromium: install the system package `chromium`.", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open HTML from disk, and fail if the page ever asks for anything but its own file, or complains.

    The returned function takes the HTML, a size in pixels, whether the reader prefers dark, and what to
    add to the address.
    """
    faults: list[str] = []
    contexts = []

    def open_html(html: str, *, width: int = 1280, height: int = 800, dark: bool = False, fragment: str = "") -> Page:
        file = tmp_path / f"page{len(contexts)}.html"
        file.write_text(html, encoding="utf-8", newline="\n")
        address = file.as_uri()
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        context.on(
            "request",
            lambda request: (
                None if request.url.split("#")[0] == address else faults.append(f"asked for {request.url[:200]}")
            ),
        )
        page.on(
            "console",
            lambda message: faults.append(f"console {message.type}: {message.text}") if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda popup: faults.append(f"opened {popup.url}"))
        page.goto(address + fragment)
        return page

    yield open_html
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def debate() -> StanceGraph:
    """The graph of an invented debate."""
    return assemble(documents_and_positions())


@pytest.fixture(scope="session")
def debate_html(debate: StanceGraph) -> str:
    """The page of the invented debate."""
    return render(debate)
