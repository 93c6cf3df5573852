"""The page in a real browser: what a person does there, and what comes of it."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.preview.watched import PATIENCE, Watched, launched, until
from tests.studio import PROJECT, Studio

TEXT = PROJECT.replace("title: Tiny", 'title: "Tiny <b>film</b>"')


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    found = Watched(Studio.start(tmp_path_factory.mktemp("page") / "tiny", TEXT))
    found.said("made, ")
    yield found
    found.stop()


SHIFTED = """() => new Promise((told) => {
  new PerformanceObserver((list) => {
    told(list.getEntries().filter((one) => !one.hadRecentInput).reduce((sum, one) => sum + one.value, 0));
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => told(0), 500);
})"""
"""How far what was drawn has moved by itself since, as browsers count it (cumulative layout shift)."""


class Tab:
    """One open page, in a person's words."""

    def __init__(self, browser: Any, url: str, width: int = 1280, height: int = 800, *, film: bool = True) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(PATIENCE * 1000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if "Security" in said.text else None)
        self.page.goto(url)
        if film:
            self.page.wait_for_selector("html[data-film]")

    def film(self) -> str:
        return str(self.page.get_attribute("html", "data-film"))

    def another_film(self, than: str) -> str:
        self.page.wait_for_selector(f'html:not([data-film="{than}"])')
        return self.film()

    def idle(self) -> None:
        self.page.wait_for_selector("#queue .dot.idle")

    def text(self, place: str) -> str:
        return str(self.page.inner_text(place))

    def go(self, shot: str) -> None:
        """Looks at a shot."""
        self.page.click(f'.shot[data-shot="{shot}"]', position={"x": 12, "y": 20})
        until(lambda: self.text("#panel h2") == shot, shot)

    def prompt(self) -> Any:
        return self.page.locator('#panel textarea[data-field="prompt"]')

    def seconds(self) -> float:
        return float(self.page.locator("video.seen").evaluate("video => video.currentTime"))


@pytest.fixture
def tab(browser: Any, watched: Watched) -> Iterator[Tab]:
    before = watched.studio.file.read_text()
    found = Tab(browser, watched.url)
    found.idle()
    yield found
    assert found.faults == []
    found.page.close()
    if watched.studio.file.read_text() != before:
        watched.studio.file.write_text(before)
        watched.said("made, ")


def wrote(watched: Watched, text: str) -> None:
    until(lambda: text in watched.studio.file.read_text(), text)


def test_an_edited_prompt_is_in_the_file_and_in_the_film(tab: Tab, watched: Watched) -> None:
    """Words typed on the page are written with comments kept; the new film goes on from where the old one was."""
    before = tab.film()
    tab.go("chorus-1.1")
    here = tab.seconds()
    assert tab.prompt().input_value() == "ben looks over the sea"
    tab.prompt().fill("ben stands on a snowy mountain at dawn")
    tab.prompt().press("Control+Enter")
    wrote(watched, 'prompt: "ben stands on a snowy mountain at dawn"')
    assert watched.studio.file.read_text().startswith("# a comment\n")
    tab.another_film(before)
    assert tab.seconds() == pytest.approx(here, abs=0.05)
    tab.idle()
    tab.page.click("#undo")
    wrote(watched, "ben looks over the sea")


def test_a_save_in_an_editor_is_seen(tab: Tab, watched: Watched) -> None:
    """A file saved elsewhere changes the film, while it plays, without stopping it."""
    before = tab.film()
    tab.page.press("#scroll", "Space")
    until(lambda: tab.seconds() > 0.2, "it plays")
    watched.studio.edit("in the rain", "on a sunny beach")
    tab.another_film(before)
    now = tab.seconds()
    assert now > 0.2
    until(lambda: tab.seconds() > now, "it goes on")
    tab.idle()


def test_a_take_is_made_and_picked(tab: Tab, watched: Watched) -> None:
    """Another take is asked for, comes up beside the first, and stands in the film once it is picked."""
    tab.go("verse-1.1")
    tab.page.click("text=New take")
    wrote(watched, "takes: 2")
    tab.page.wait_for_selector("#panel figure:nth-child(2) video, #panel figure video >> nth=1")
    before = tab.film()
    tab.page.click('#panel button[data-take="2"]')
    wrote(watched, "take: 2")
    tab.another_film(before)
    tab.idle()


def test_a_cut_is_dragged_to_a_beat(tab: Tab, watched: Watched) -> None:
    """A cut that is dragged lands on the nearest beat and is written as the shot's start; a key moves it by a frame."""
    grip = tab.page.locator('.cut[data-cut="chorus-1.1"]')
    box = grip.bounding_box()
    second = tab.page.locator("#strip").bounding_box()["width"] / 16
    x, y = box["x"] + box["width"] / 2, box["y"] + 30
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    tab.page.mouse.move(x - 0.3 * second, y)
    tab.page.mouse.move(x - 0.6 * second, y, steps=4)
    tab.page.mouse.up()
    wrote(watched, 'start: "0:07.5"')
    tab.page.wait_for_selector('.cut[data-cut="chorus-1.1"][aria-valuetext="0:07.50"]')
    tab.idle()
    grip.focus()
    grip.press("Shift+ArrowRight")
    wrote(watched, 'start: "0:07.583"')
    tab.idle()


def test_an_error_appears_and_goes(tab: Tab, watched: Watched) -> None:
    """A file that is wrong is told with its line, over the film that stays; mended, the words go."""
    before = tab.film()
    text = watched.studio.file.read_text()
    watched.studio.file.write_text(text.replace("title:", "titel:"))
    tab.page.wait_for_selector("#faults .fault")
    assert "project.yaml:2:1" in tab.text("#faults")
    assert "title" in tab.text("#faults")
    assert tab.film() == before
    watched.studio.file.write_text(text)
    tab.page.wait_for_selector("#faults .fault", state="detached")


def test_project_text_is_never_markup(tab: Tab, watched: Watched) -> None:
    """A title, a prompt and a note that look like markup are shown as they are written."""
    assert tab.text("#title") == "Tiny <b>film</b>"
    tab.go("verse-1.1")
    nasty = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    tab.page.fill('#panel input[aria-label="Note"]', nasty)
    tab.page.press('#panel input[aria-label="Note"]', "Enter")
    wrote(watched, nasty)
    tab.page.wait_for_selector('.shot[data-shot="verse-1.1"].noted')
    tab.page.click('[data-view="sheet"]')
    until(lambda: nasty in tab.text('.card[data-card="verse-1.1"] p'), "the note on its card")
    assert tab.page.locator("#sheet script, #sheet img, #panel script, #panel img[src='x']").count() == 0


def test_two_tabs_show_the_same(tab: Tab, browser: Any, watched: Watched) -> None:
    """What is changed in one page is seen in the other."""
    other = Tab(browser, watched.url)
    other.go("chorus-1.1")
    tab.go("chorus-1.1")
    tab.page.fill('#panel input[aria-label="Note"]', "the hand is wrong")
    tab.page.press('#panel input[aria-label="Note"]', "Enter")
    until(lambda: other.page.input_value('#panel input[aria-label="Note"]') == "the hand is wrong", "the other tab")
    wrote(watched, 'notes:\n  chorus-1.1: "the hand is wrong"')
    other.page.close()


def test_keys_move_through_the_film(tab: Tab, watched: Watched) -> None:
    """Frames, seconds, shots, ends; the clock says where."""
    firsts = [shot["first_frame"] for shot in watched.studio.workspace.shots(lambda _: None)["shots"]]
    tab.page.focus("#scroll")
    for key, frame in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("Shift+ArrowRight", 13), ("End", 191),
                       ("[", firsts[-1]), ("[", firsts[-2]), ("Home", 0), ("]", firsts[1])]:  # fmt: skip
        tab.page.keyboard.press(key)
        assert tab.text("#count") == f"frame {frame}", key
    until(lambda: abs(tab.seconds() - (firsts[1] + 0.5) / 12) < 0.01, "the film is there")


def test_review_goes_shot_by_shot(tab: Tab, watched: Watched) -> None:
    """Full screen: y goes on, a note is kept and goes on, n asks for another take; the last shot sums it up, escape
    leaves."""
    tab.page.focus("#scroll")
    tab.page.keyboard.press("Home")
    for key, review in [("r", True), ("Escape", False), ("r", True)]:
        tab.page.keyboard.press(key)
        tab.page.wait_for_selector("body.review" if review else "body:not(.review)")
    until(lambda: tab.text("#caption b") == "verse-1.1", "the first shot")
    tab.page.keyboard.press("y")
    second = tab.text("#caption b")
    assert second != "verse-1.1"
    tab.page.keyboard.press("m")
    tab.page.keyboard.type("too dark")
    tab.page.keyboard.press("Enter")
    wrote(watched, f'{second}: "too dark"')
    third = tab.text("#caption b")
    tab.page.keyboard.press("n")
    wrote(watched, "takes: 2")
    assert re.search(rf"{re.escape(third)}:.*\n?.*takes: 2", watched.studio.file.read_text())
    until(lambda: third in (tab.page.text_content("#toast") or ""), "the answer, which the sum is not to be lost to")
    goods = 1
    while tab.page.query_selector("body.review"):
        tab.page.keyboard.press("y")
        goods += 1
    summed = f"That was the last shot. {goods} good, 1 again, 1 noted."
    until(lambda: tab.page.text_content("#toast") == summed, "what was said")
    tab.idle()


def test_ask_waits_for_a_yes(tab: Tab, watched: Watched) -> None:
    """With Ask a save makes the draft alone; the plan says what Render would make, and Render makes it."""
    tab.page.click('#mode [data-auto="false"]')
    tab.page.wait_for_selector('#mode [data-auto="false"][aria-checked="true"]')
    before = tab.film()
    watched.studio.edit("in the rain", "in a forest in winter")
    tab.another_film(before)
    tab.page.wait_for_selector("#queue .dot.waits")
    assert watched.studio.workspace.plan()["stale"] > 0
    tab.page.click("#queue")
    tab.page.wait_for_selector("#plan td >> text=verse-1.1/keyframe")
    assert "in a forest in winter" in tab.text("#plan")
    tab.page.click("#dialog header button")
    draft = tab.film()
    tab.page.click("#render")
    tab.another_film(draft)
    until(lambda: watched.studio.workspace.plan()["finished"], "the film, and its manifest")
    tab.page.click('#mode [data-auto="true"]')
    tab.page.wait_for_selector('#mode [data-auto="true"][aria-checked="true"]')


def test_a_phone_has_all_of_it(browser: Any, watched: Watched) -> None:
    """390 pixels wide: nothing is wider than the screen, every button has a name, and nothing moves by itself."""
    tab = Tab(browser, watched.url, 390, 844)
    tab.go("verse-1.1")
    assert tab.page.locator("html").evaluate("html => html.scrollWidth") <= 390
    names = tab.page.locator("button:visible").evaluate_all(
        "buttons => buttons.filter(one => !(one.getAttribute('aria-label') || one.innerText).trim()).length"
    )
    assert names == 0
    assert tab.page.evaluate(SHIFTED) < 0.02
    assert tab.faults == []
    tab.page.close()


def test_a_reload_in_mid_render_and_a_server_that_dies_and_comes_back(browser: Any, tmp_path: Path) -> None:
    """A page that is loaded while shots are made shows how far they are; one whose server was killed says so, and
    finds the next one by itself, at the same address."""
    slow = "{with: fake, seconds: 1.5}"
    found = Watched(Studio.start(tmp_path / "tiny", f"{TEXT}make: {{painter: {slow}, animator: {slow}}}\n"))
    try:
        tab = Tab(browser, found.url, film=False)
        tab.page.wait_for_selector('.shot[data-state="making"]')
        tab.page.reload()
        tab.page.wait_for_selector('.shot[data-state="making"]')
        assert "to make" in tab.text("#queue")
        address = found.url
        found.stop(signal.SIGKILL)
        until(lambda: tab.text("#queue") == "the watch has ended", "the page says it")
        found.start()
        assert found.url == address
        tab.idle()
        assert tab.faults == []
        assert {box.get_attribute("data-state") for box in tab.page.locator(".shot").all()} == {"fresh"}
        tab.page.close()
    finally:
        found.stop()
