"""Bytes that are gone or wrong: made again only if they are needed, and never taken for the right ones."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from mvr.engine.plan import BytesLost, InputChanged, Stale
from mvr.engine.store import Damaged
from tests.engine.ageing import flip
from tests.engine.lab import Lab


@pytest.fixture
def film(lab: Lab) -> Lab:
    """A chain of three, another reader of its first, and a joined film that is a product."""
    lab.node("still", "rain", parts={"layers": "three"})
    lab.node("clip", "slow", reads="still:layers still")
    lab.node("sheet", "contact", reads="still")
    lab.node("film", reads="clip", product="film.mp4")
    lab.render()
    return lab


FILM = Path("out/film.mp4")


def test_lost_bytes_that_nobody_reads_stay_lost(film: Lab) -> None:
    """Nodes are judged by their records: with all bytes gone, nothing is stale while nothing else is."""
    for name in ("still", "clip", "sheet"):
        film.lose(name)
    film.render()
    assert film.made == set()
    assert film.hit == {"still", "clip", "sheet", "film"}


def test_lost_bytes_that_a_stale_node_reads_are_made_again(film: Lab) -> None:
    """A stale node that reads lost bytes waits for them; what else reads them stays fresh."""
    film.lose("still")
    film.node("clip", "fast", reads="still:layers still")
    assert film.states() == {"still": "stale", "clip": "waits still", "sheet": "fresh", "film": "waits clip"}
    assert film.why("still") == (BytesLost(),)
    film.render()
    assert film.made == {"still", "clip", "film"}
    assert film.hit == {"sheet"}


def test_only_lost_parts_that_are_read_count(film: Lab) -> None:
    """A part that is gone and not read makes nothing."""
    film.lose("still", "layers")
    film.node("sheet", "another", reads="still")
    assert film.states()["still"] == "fresh"
    film.render()
    assert film.made == {"sheet"}


def test_a_whole_chain_of_lost_bytes_is_made_again(film: Lab) -> None:
    """What is needed to make lost bytes again, and is lost itself, is made first."""
    film.lose("clip")
    film.lose("still")
    film.node("film", "credits", reads="clip", product="film.mp4")
    assert film.states() == {"still": "stale", "clip": "waits still", "sheet": "fresh", "film": "waits clip"}
    film.render()
    assert film.tally()[-3:] == ["still", "clip", "film"]


@pytest.mark.parametrize("order", [("other", "clip"), ("clip", "other")])
def test_lost_bytes_are_judged_the_same_in_any_order(lab: Lab, order: tuple[str, str]) -> None:
    """Whether the stale reader comes before or after the fresh one in the graph, the verdicts are the same."""
    lab.node("still", "rain")
    for name in order:
        lab.node(name, name, reads="still")
    lab.render()
    lab.lose("still")
    lab.node("clip", "fast", reads="still")
    assert lab.states() == {"still": "stale", "clip": "waits still", "other": "fresh"}
    lab.render()
    assert lab.made == {"still", "clip"}


@pytest.mark.parametrize("order", [("other", "clip"), ("clip", "other")])
def test_what_reads_lost_bytes_that_may_come_out_otherwise_waits(lab: Lab, order: tuple[str, str]) -> None:
    """A generator gives other bytes: its fresh readers wait for them, so that what plan calls fresh is not made."""
    lab.node("still", "rain", exact=False)
    lab.order("still", roll=True)
    for name in order:
        lab.node(name, name, reads="still")
    lab.node("film", reads="other")
    lab.render()
    lab.lose("still")
    assert lab.states()["film"] == "fresh"
    lab.node("clip", "fast", reads="still")
    assert lab.states() == {"still": "stale", "clip": "waits still", "other": "waits still", "film": "waits other"}
    lab.order("still", roll=True)
    lab.render()
    assert lab.made == {"still", "clip", "other", "film"}


def test_what_hangs_on_uncertain_bytes_is_uncertain_too(lab: Lab) -> None:
    """Lost bytes of an exact stage are not certain to come out the same if what it reads is lost and is not."""
    lab.node("still", "rain", exact=False)
    lab.node("clip", "slow", reads="still")
    lab.node("sheet", "contact", reads="clip")
    lab.node("film", reads="clip")
    lab.render()
    lab.lose("still")
    lab.lose("clip")
    lab.node("film", "credits", reads="clip")
    assert lab.states() == {"still": "stale", "clip": "waits still", "sheet": "waits clip", "film": "waits clip"}
    lab.render()
    assert lab.made == {"still", "clip", "film"}
    assert lab.hit == {"sheet"}


def test_what_a_lost_twin_hands_on_is_lost_for_both(lab: Lab) -> None:
    """Two nodes with one key lose their bytes together: neither stays fresh on what may come out otherwise."""
    for name in ("left", "right"):
        lab.node(name, "the same", exact=False)
    lab.order("left", roll=True)
    lab.node("sheet", "contact", reads="left")
    lab.node("film", reads="right")
    lab.render()
    lab.lose("right")
    lab.node("film", "credits", reads="right")
    assert lab.states() == {"left": "stale", "right": "stale", "sheet": "waits left", "film": "waits right"}
    lab.order("left", roll=True)
    lab.render()
    assert lab.made == {"left", "sheet", "film"}
    lab.render()
    assert lab.made == set()


def test_lost_bytes_that_only_a_waiting_node_may_need_are_in_doubt(lab: Lab) -> None:
    """Until it is known whether their reader is stale, lost bytes may be made or not: their node waits with it."""
    lab.node("still", "rain", hands="a picture")
    lab.node("sound", "drums")
    lab.node("clip", "slow", reads="still sound")
    lab.node("other", "snow", reads="sound")
    lab.render()
    lab.lose("sound")
    lab.node("still", "storm", hands="a picture")
    assert lab.states() == {"still": "stale", "sound": "waits still", "clip": "waits still", "other": "fresh"}
    lab.render()
    assert (lab.made, lab.hit) == ({"still"}, {"sound", "clip", "other"})
    lab.node("still", "hail", hands="another picture")
    assert lab.states() == {"still": "stale", "sound": "waits still", "clip": "waits still", "other": "fresh"}
    lab.render()
    assert (lab.made, lab.hit) == ({"still", "sound", "clip"}, {"other"})


def test_doubt_ends_where_a_stale_node_needs_the_bytes(lab: Lab) -> None:
    """Lost bytes that a stale node reads are to be made, whatever else waits for something else."""
    lab.node("still", "rain")
    lab.node("deep", "below")
    lab.node("sound", "drums", reads="deep")
    lab.node("clip", "slow", reads="still sound")
    lab.node("sheet", "contact", reads="sound")
    lab.render()
    for name in ("sound", "deep"):
        lab.lose(name)
    lab.node("still", "storm")
    doubted = {"still": "stale", "deep": "waits still", "sound": "waits still", "clip": "waits still", "sheet": "fresh"}
    assert lab.states() == doubted
    lab.node("sheet", "another", reads="sound")
    certain = {"still": "stale", "deep": "stale", "sound": "waits deep", "clip": "waits still", "sheet": "waits sound"}
    assert lab.states() == certain
    lab.render()
    assert lab.made == {"still", "deep", "sound", "clip", "sheet"}


def test_twins_are_in_doubt_together(lab: Lab) -> None:
    """A twin of a node in doubt is in doubt too, whichever the graph names first."""
    lab.node("still", "rain")
    lab.node("left", "drums")
    lab.node("clip", "slow", reads="still left")
    lab.node("right", "drums")
    lab.render()
    lab.lose("left")
    lab.node("still", "storm")
    assert lab.states() == {"still": "stale", "left": "waits still", "clip": "waits still", "right": "waits still"}
    lab.render()
    assert len(lab.made) == 3


def test_a_part_that_stands_may_be_read_while_another_is_in_doubt(lab: Lab) -> None:
    """A stale node whose own input is whole is made, though another part of the same node is lost."""
    lab.node("other", "snow")
    lab.node("still", "rain")
    lab.node("sound", "drums", parts={"beats": "four"})
    lab.node("clip", "slow", reads="still sound")
    lab.node("sheet", "contact", reads="sound:beats")
    lab.render()
    lab.lose("sound")
    for name, reads in [("other", ""), ("still", ""), ("sheet", "sound:beats")]:
        lab.node(name, f"new {name}", reads=reads)
    assert lab.states() == {
        "other": "stale",
        "still": "stale",
        "sound": "waits still",
        "clip": "waits still",
        "sheet": "stale",
    }
    lab.render()
    assert lab.made == {"other", "still", "sound", "clip", "sheet"}
    assert sorted(lab.tally()[5:]) == ["clip", "other", "sheet", "sound", "still"]


FLIPPED = "flipped", lambda data: bytes([data[0] ^ 1]) + data[1:]
CUT = "cut short", lambda data: data[:-1]
EMPTY = "empty", lambda data: b""
LONGER = "longer", lambda data: data + b"\n"


@pytest.mark.parametrize(("how", "damage"), [FLIPPED, CUT, EMPTY, LONGER])
def test_damaged_bytes_are_found_repaired_and_said(film: Lab, how: str, damage: Callable[[bytes], bytes]) -> None:
    """A job that is to read damaged bytes has them made again first, and the run says so."""
    whole = film.blob("still").read_bytes()
    path = film.blob("still")
    film.damage("still", damage)
    film.node("clip", "fast", reads="still:layers still")
    film.render()
    assert film.repaired == {"still"}, how
    assert film.made == {"still", "clip", "film"}
    assert film.failed == {}
    assert path.read_bytes() == whole


def test_bytes_that_rot_in_silence_are_found_by_who_reads_them(film: Lab) -> None:
    """A disk that changes a byte, and neither size nor mtime: the job that read it is not believed, and made again."""
    path = film.blob("still")
    whole = path.read_bytes()
    flip(path, random.Random(1))
    film.node("clip", "fast", reads="still:layers still")
    film.render()
    assert film.repaired == {"still"}
    assert film.made == {"still", "clip", "film"}
    assert film.failed == {}
    assert path.read_bytes() == whole


def test_a_document_that_rots_in_silence_is_not_believed(lab: Lab) -> None:
    """What says which nodes there are is hashed when it is read."""
    lab.node("list", "first", shows=["a"])
    lab.node("a", "one", behind="list")
    lab.render()
    whole = lab.blob("list").read_bytes()
    flip(lab.blob("list"), random.Random(1))
    assert lab.states() == {"list": "stale"}
    lab.render()
    assert (lab.repaired, lab.made) == ({"list"}, {"list"})
    assert lab.blob("list").read_bytes() == whole


def test_a_touch_is_no_damage(film: Lab) -> None:
    """Bytes with another mtime are hashed, found whole, and marked as such again."""
    path = film.blob("still")
    os.utime(path, (5, 5))
    film.node("clip", "fast", reads="still:layers still")
    film.render()
    assert film.made == {"clip", "film"}
    assert path.stat().st_mtime_ns == 946_684_800_000_000_000


def test_bytes_that_go_while_the_run_is_on_are_made_again(film: Lab) -> None:
    """Bytes that were there when the run began and are gone when their reader starts cost one more make."""
    film.node("clip", "fast", reads="still:layers still")
    path = film.blob("still")

    def rob(event: object) -> None:
        if type(event).__name__ == "Queue":
            path.unlink(missing_ok=True)

    film.heard = rob
    film.jobs = 1
    film.node("first", "work")
    film.render()
    assert film.repaired == {"still"}
    assert film.made == {"still", "clip", "film", "first"}


def test_a_disk_that_damages_again_and_again_ends_the_trying(film: Lab) -> None:
    """Bytes that are damaged a second time after they were made again fail their node; the run ends."""
    film.node("clip", "fast", reads="still:layers still")
    path = film.blob("still")

    def spoil(event: object) -> None:
        if type(event).__name__ in ("Queue", "MadeNode") and path.exists():
            path.chmod(0o644)
            path.write_bytes(b"nothing")

    film.heard = spoil
    film.render()
    assert film.failed == {"still": "what it makes is damaged in the store again and again"}
    assert film.made == {"still"}


def test_a_remake_whose_bytes_are_damaged_in_the_store_replaces_them(film: Lab) -> None:
    """A node that is made again to the same digest puts whole bytes in the place of damaged ones."""
    film.node("still", "storm", hands=film.blob("still").read_text(), parts={"layers": "three"})
    film.damage("still", lambda data: b"{}") if film.states()["still"] == "fresh" else None
    path = next(path for path in film.store.files.iterdir() if path.read_text() == "three")
    path.chmod(0o644)
    path.write_text("damaged")
    film.render()
    assert path.read_text() == "three"


def test_a_lost_film_is_joined_again(film: Lab) -> None:
    """The film's bytes stand in one place alone; where they do not, it is joined, and nothing else is made."""
    whole = (film.folder / FILM).read_bytes()
    (film.folder / FILM).unlink()
    assert film.states()["film"] == "stale"
    assert film.why("film") == (BytesLost(),)
    film.render()
    assert film.made == {"film"}
    assert (film.folder / FILM).read_bytes() == whole


def test_a_film_that_somebody_replaced_is_joined_again(film: Lab) -> None:
    """Other bytes under the film's name, even as many and as old, are not the film."""
    path = film.folder / FILM
    whole, stat = path.read_bytes(), path.stat()
    path.write_bytes(whole[:-1] + b"!")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    film.render()
    assert film.made == {"film"}
    assert path.read_bytes() == whole


def test_the_films_record_is_kept(film: Lab) -> None:
    """After an edit and its undo the film is joined again, to the same bytes; its own are in no store."""
    path = film.folder / FILM
    whole = path.read_bytes()
    key = film.key("film")
    film.node("clip", "fast", reads="still:layers still")
    film.render()
    assert path.read_bytes() != whole
    film.node("clip", "slow", reads="still:layers still")
    verdict = film.plan()["film"]
    assert verdict == Stale(key, (BytesLost(),))
    assert film.store.record(key) is not None
    film.render()
    assert film.made == {"film"}
    assert path.read_bytes() == whole
    assert all(stored.read_bytes() != whole for stored in film.store.files.iterdir())


def test_the_same_film_in_two_places_is_joined_for_each(film: Lab) -> None:
    """Two products with one key stand in two places: neither is taken for the other."""
    film.node("copy", reads="clip", product="copy.mp4")
    film.render()
    film.node("clip", "fast", reads="still:layers still")
    film.render()
    assert film.made == {"clip", "film", "copy"}
    assert (film.folder / "out/copy.mp4").read_bytes() == (film.folder / FILM).read_bytes()


def test_pinned_bytes_are_read_whoever_made_them(film: Lab) -> None:
    """A node may read bytes by their digest; other bytes are another key, and a reason."""
    rain, slow = film.part("still"), film.part("clip")
    film.node("again", pinned=(rain.digest, rain.suffix, rain.size))
    film.render()
    assert film.made == {"again"}
    assert "rain" in film.read("again")["read"]["pinned"][0]
    film.node("again", pinned=(slow.digest, slow.suffix, slow.size))
    assert film.why("again") == (InputChanged("pinned"),)


@pytest.mark.parametrize("how", ["lost", "damaged"])
def test_pinned_bytes_that_are_not_whole_fail_their_reader(film: Lab, how: str) -> None:
    """Nothing here makes pinned bytes again; the node that wants them says so, and the rest is made."""
    rain = film.part("still")
    film.node("again", pinned=(rain.digest, rain.suffix, rain.size))
    film.node("news", "good")
    if how == "lost":
        film.lose("still")
    else:
        film.damage("still", lambda data: b"x")
    film.render()
    assert film.failed == {"again": "stored bytes that it reads are damaged, and nothing here makes them again"}
    assert film.made == {"news"}


def test_whole_says_which_bytes_are_damaged(film: Lab) -> None:
    """The store names the digest whose bytes are wrong, and says nothing of those that are right."""
    part = film.part("still")
    film.store.whole(part)
    film.damage("still", lambda data: b"x")
    with pytest.raises(Damaged) as caught:
        film.store.whole(part)
    assert caught.value.digest == part.digest
