"""Take the picture in the README: `python docs/take_screenshot.py out/graph.html docs/graph-page.png OUTCOME`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def take(page_file: Path, picture: Path, outcome: str) -> None:
    """Open the page from disk, choose an outcome and write what is seen as PNG."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1400, "height": 860})
        page.goto(page_file.resolve().as_uri())
        page.evaluate("label => window.stancegraph.select('outcome:' + label)", outcome)
        page.wait_for_timeout(1500)
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
