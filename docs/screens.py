"""Takes the pictures of docs/page.md: python docs/screens.py [FOLDER]. A copy of projects/demo is rendered in FOLDER,
at half size, as nobody sees more of it on a page; a folder that stands is used again. Look at every picture."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent
OUT = TOP / "docs" / "page"
sys.path.insert(0, str(TOP))

from tests.preview.watched import Watched, launched  # noqa: E402 - it is found where this script stands
from tests.studio import Studio  # noqa: E402

DESK, PHONE = (1280, 800), (390, 844)
QUALITY = 82  # of the JPEGs: 60 to 120 kB each


def opened(browser: Any, url: str, size: tuple[int, int], theme: str) -> Any:
    """The page in a window of that size, once its film is there."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    page = context.new_page()
    page.set_default_timeout(600_000)
    page.goto(url)
    page.wait_for_selector("html[data-film]")
    return page


def at_shot(page: Any, number: int, frames: int) -> None:
    """Goes to a shot, and some frames into it."""
    page.focus("#scroll")
    page.keyboard.press("Home")
    for _ in range(number):
        page.keyboard.press("]")
    for _ in range(frames):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1500)


def kept(page: Any, name: str) -> None:
    OUT.mkdir(exist_ok=True)
    page.screenshot(path=OUT / f"{name}.jpg", type="jpeg", quality=QUALITY)


def main() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1] if sys.argv[1:] else scratch) / "lantern"
        studio = Studio(folder)
        if not folder.exists():
            shutil.copytree(TOP / "projects" / "demo", folder, ignore=shutil.ignore_patterns(".mvr", "mvr-out"))
            studio.edit("cut:\n", "output: {size: 540x960}\n\ncut:\n")
        watched = Watched(studio)
        text = studio.file.read_text()
        try:
            with sync_playwright() as playwright:
                browser = launched(playwright)
                for theme in ("dark", "light"):
                    for name, size in (("desk", DESK), ("phone", PHONE)):
                        page = opened(browser, watched.url, size, theme)
                        page.wait_for_selector("#queue .dot.idle")
                        at_shot(page, 7, 9)
                        kept(page, f"film-{theme}-{name}")
                        page.context.close()
                page = opened(browser, watched.url, DESK, "dark")
                page.click('[data-view="sheet"]')
                page.wait_for_timeout(1500)
                kept(page, "sheet")
                page.click('[data-view="film"]')
                at_shot(page, 5, 9)
                page.keyboard.press("r")
                page.wait_for_timeout(1800)
                kept(page, "review")
                page.keyboard.press("Escape")
                at_shot(page, 10, 4)
                studio.file.write_text(text.replace("red coat", "green coat"))
                page.wait_for_selector('.shot[data-state="making"]')
                page.wait_for_timeout(6000)
                kept(page, "at-work")
                page.click("#queue")
                page.wait_for_selector("#plan table")
                kept(page, "plan")
                page.keyboard.press("Escape")
                studio.file.write_text(text.replace("concept:", "concpet:", 1))
                page.wait_for_selector(".fault")
                kept(page, "fault")
                browser.close()
        finally:
            studio.file.write_text(text)
            watched.stop()


if __name__ == "__main__":
    main()
