"""Take the pictures of the page: `python docs/take_screenshot.py out/graph.html docs OUTCOME ACTOR`.

Three sizes are written: a desk's screen (an outcome in light, an actor in dark), a telephone's and a large one's.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright


class Picture(NamedTuple):
    """A picture to take: its name, what is looked at ("outcome" or "actor"), its size in pixels, and light or dark."""

    name: str
    looks_at: str
    width: int
    height: int
    dark: bool = False


PICTURES = (
    Picture("graph-page", "outcome", 1400, 860),
    Picture("graph-page-dark", "actor", 1400, 860, dark=True),
    Picture("graph-page-phone", "outcome", 320, 640),
    Picture("graph-page-large", "outcome", 3840, 2160),
)


def take(page_file: Path, folder: Path, names: dict[str, str]) -> None:
    """Open the page from disk, look at an outcome or an actor, and write what is seen as PNG."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for picture in PICTURES:
            page = browser.new_page(
                viewport={"width": picture.width, "height": picture.height},
                color_scheme="dark" if picture.dark else "light",
            )
            page.goto(page_file.resolve().as_uri())
            page.evaluate("id => window.stancegraph.select(id)", f"{picture.looks_at}:{names[picture.looks_at]}")
            page.wait_for_timeout(1500)
            page.screenshot(path=folder / f"{picture.name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]), {"outcome": sys.argv[3], "actor": sys.argv[4]})
