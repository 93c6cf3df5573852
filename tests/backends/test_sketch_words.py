"""What the sketch reads in words: by whole lemmas, the near before the wide, and nothing that is denied."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvr.backends._words import lemmas
from mvr.backends.sketch import lexicon, moves, places, things
from mvr.backends.sketch.figure.looks import looks
from mvr.backends.sketch.filmset import MARGIN
from mvr.backends.sketch.palette import palette
from mvr.backends.sketch.reading import found, read


def seen(sentence: str, cast: int = 1, **style: Any) -> Any:
    who = [{"name": f"n{index}"} for index in range(cast)]
    return read({"sentence": sentence, "characters": who, "style": style, "seed": 5})


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("she runs through the rain-soaked streets", "street"),
        ("a rooftop high above the city", "rooftop"),
        ("waves break on the shore", "beach"),
        ("the ferryman waits at the pier", "pier"),
        ("deep in the woods", "forest"),
        ("on stage, under the lights", "stage"),
        ("the last train leaves the platform", "station"),
        ("he rides through the desert toward a burning town", "desert"),
        ("at the sea, he comes home to his daughter", "sea"),
        ("at home she waits", "room"),
        ("qwxz", "abstract"),
        ("", "abstract"),
    ],
)
def test_the_place_is_read(sentence: str, place: str) -> None:
    """A place is known by its words, the nearest one told wins, and the rest is a composition."""
    assert seen(sentence).place == place


@pytest.mark.parametrize(
    "sentence", ["a carpet of doubt", "starting over", "she is winsome", "the seashell", "rainbow"]
)
def test_parts_of_words_are_no_words(sentence: str) -> None:
    """A carpet is no car, starting no star, winsome no wind, a rainbow no rain."""
    reading = seen(sentence)
    assert (reading.place, reading.weather, reading.things) == ("abstract", "clear", ())


def test_inflections_are_the_word() -> None:
    """Running, runs and ran are run; cities is city; stopped is stop."""
    assert [found("pose", word) for word in ("running", "runs", "ran")] == [["run"]] * 3
    assert "city" in lemmas("cities")
    assert "stop" in lemmas("stopped")


def test_what_is_denied_is_not_there() -> None:
    """No rain is no rain, and rain that stops leaves the ground wet."""
    assert seen("a street without any rain").weather == "clear"
    after = seen("a street as the rain stops")
    assert (after.weather, after.wet) == ("clear", True)


def test_sizes_angles_times_and_poses_are_read() -> None:
    """Words of the craft decide framing; what the style says fills what the sentence leaves open."""
    reading = seen("a medium close-up from a low angle: he sings at dawn", lighting="neon at night")
    assert (reading.size, reading.angle, reading.pose, reading.time) == ("medium", "low", "sing", "dawn")
    assert "neon" in reading.lights
    assert seen("a wide shot of her walking away from us").facing == "back"
    assert seen("a lone house", lighting="moonlight").time == "night"


@pytest.mark.parametrize(
    ("sentence", "pose", "held"),
    [
        ("she plays the piano", "play", "piano"),
        ("he sits at the piano and waits", "play", "piano"),
        ("the drummer in the spotlight", "play", "drums"),
        ("she is playing an old violin", "play", "violin"),
        ("he strums in the street", "play", "guitar"),
        ("a guitar leans by the door, she sleeps", "stand", ""),
        ("she sings into a microphone", "sing", ""),
        ("she walks under an umbrella in the rain", "walk", "umbrella"),
        ("they hug each other", "hug", ""),
        ("they look at each other", "meet", ""),
    ],
)
def test_what_hands_do_is_read(sentence: str, pose: str, held: str) -> None:
    """An instrument that somebody plays is in their hands; one that only stands there is a thing."""
    reading = seen(f"a full shot: {sentence}", cast=2)
    assert (reading.pose, reading.held) == (pose, held)
    assert not seen(sentence, cast=0).held


def test_a_word_of_the_lexicon_means_one_entry_of_its_kind() -> None:
    """No word stands twice in a table, where the second would never be found."""
    for kind in (*lexicon.KINDS, "move", "way"):
        listed = [word for words in lexicon.table(kind).values() for word in words.split(", ")]
        assert len(listed) == len(set(listed)), (kind, sorted({word for word in listed if listed.count(word) > 1}))


def test_every_place_and_thing_is_named_by_its_words() -> None:
    """A file in places or things is found by the first of its own words."""
    for kind, folder in (("place", places.all_places()), ("thing", things.all_things())):
        for name, module in folder.items():
            first = module.WORDS.split(",")[0]
            assert name in found(kind, first), (kind, name, first)


def test_clothes_and_hair_are_read() -> None:
    """Colours belong to the noun they stand before."""
    who = looks({
        "name": "a", "description": "old woman with long red hair", "wardrobe": "a dark blue coat and yellow scarf",
    })  # fmt: skip
    assert (who.woman, who.age, who.style, who.outer) == (True, "old", "long", "coat")
    blue, green, red = (int(who.outer_colour[index : index + 2], 16) for index in (5, 3, 1))
    assert blue > green > red
    assert who.scarf == "#f5c63a"


def test_two_names_look_different() -> None:
    """What the words leave open follows from the name: of thirty characters without words no two look alike."""
    cast = [looks({"name": f"person {index}"}) for index in range(30)]
    assert (
        len({(who.hair, who.style, who.outer, who.outer_colour, who.shirt, who.dress, who.skin) for who in cast}) == 30
    )


def test_the_users_colours_are_used() -> None:
    """By night the sky takes a dark colour of the user's palette, and the accent the strongest."""
    colours = palette(seen("a street at night"), {"palette": ["#10173a", "#2f4b7c", "#c8553d", "#f6e7cb"]}, 1)
    red, green, blue = (int(colours.sky[1][index : index + 2], 16) for index in (1, 3, 5))
    assert blue > green > red
    assert colours.accent.startswith("#c") or int(colours.accent[1:3], 16) > 190


@pytest.mark.parametrize(
    ("motion", "zooms", "pans"),
    [("slow push in", 1, 0), ("the camera pulls back fast", -1, 0), ("pan left", 0, -1), ("truck right", 0, 1),
     ("locked off", 0, 0)],
)  # fmt: skip
def test_camera_words_move_the_camera(motion: str, zooms: int, pans: int) -> None:
    """In is in, back is back, left is left, and a locked camera stands."""
    move = moves.plan(motion, 4.0, 0.5, 1)
    first, last = moves.at(move, 0.0, 0.0), moves.at(move, 1.0, 4.0)
    if zooms:
        assert (last.scale(1.0) - first.scale(1.0)) * zooms > 0.02
    if pans:
        assert (first.shift(1.0)[0] - last.shift(1.0)[0]) * pans > 5
    if motion == "locked off":
        assert first == last


MOVES = {kind: words.split(", ") for kind, words in lexicon.table("move").items()}
KINDS = sorted(MOVES)


@given(st.lists(st.sampled_from(KINDS), max_size=4), st.integers(0, 2**31), st.floats(0.1, 60), st.floats(0, 1))
def test_any_words_give_a_camera_that_stays_inside(kinds: list[str], seed: int, seconds: float, energy: float) -> None:
    """Whatever is written, the camera never leaves what is drawn around the frame, at any depth."""
    move = moves.plan(", ".join(MOVES[kind][0] for kind in kinds), seconds, energy, seed)
    for share in (0.0, 0.02, 0.3, 1.0):
        camera = moves.at(move, share, share * seconds)
        for depth in (0.0, 0.4, 1.0, 1.3):
            for moved in camera.shift(depth):
                assert (500 + MARGIN) * camera.scale(depth) - abs(moved) >= 500


def test_every_move_of_the_list_is_a_move_of_its_own() -> None:
    """Push, pull, pan, tilt, truck, orbit, crane, handheld, whip and dolly zoom show the layers in ways that differ."""
    ways = {}
    for kind in KINDS:
        move = moves.plan(MOVES[kind][0], 4.0, 0.8, 4)
        ends = moves.at(move, 0.02, 0.08), moves.at(move, 0.97, 3.9)
        ways[kind] = tuple(
            round(end.scale(depth) * 100) + round(sum(end.shift(depth))) for end in ends for depth in (0.1, 1.0)
        )
    assert len(set(ways.values())) == len(ways), ways


def test_a_camera_goes_on_beyond_its_shot() -> None:
    """Just before its first frame and just after its last one a camera moves as it does within."""
    move = moves.plan("truck right", 4.0, 0.8, 1)
    places = [moves.at(move, share / 100, share / 25).x for share in (-4, 0, 4, 96, 100, 104)]
    assert places == sorted(places)
    assert len(set(places)) == 6


@given(st.text(max_size=120))
def test_any_sentence_can_be_read(sentence: str) -> None:
    """No text raises: it is read, or it is a composition."""
    assert seen(sentence).place in places.all_places()


def test_a_kind_of_figure_is_no_person() -> None:
    """A robot is drawn as one whatever it wears, and a woman in a spacesuit has a helmet."""
    robot = looks({"name": "unit", "description": "a tall robot", "wardrobe": "a suit of copper plates"})
    astronaut = looks({"name": "ada", "description": "woman with red hair", "wardrobe": "an orange spacesuit"})
    assert (robot.kind, astronaut.kind, looks({"name": "mara"}).kind) == ("robot", "astronaut", "")


def test_hints_name_a_place_only_where_no_place_is_named() -> None:
    """A bed is in a room; a door in the desert stands in the desert."""
    assert seen("she lies on the bed").place == "room"
    door = seen("a door stands open in the desert")
    assert (door.place, door.things) == ("desert", ("door",))


def test_two_strangers_are_no_crowd() -> None:
    """Who is in the cast is not drawn a second time as a crowd."""
    assert "crowd" not in seen("two strangers dance in a red club, then drive into the desert", cast=2).things
    assert "crowd" in seen("people pass on the street").things


def test_a_colour_of_the_place_colours_the_picture() -> None:
    """A red club is red; a red coat in a club is not a red club."""
    assert seen("they dance in a red club").tint
    assert not seen("a woman in a red coat, in a club").tint


def test_the_users_words_stand_for_words_that_are_known() -> None:
    """`words: {jalopy: car, bosk: forest}` reads jalopies in the bosk as a car in the forest; no part of a word."""
    asked = {"sentence": "two jalopies in the bosk, a boskage", "seed": 5, "painter": {"identity": {"words": {
        "jalopy": "car", "bosk": "forest"}}}}  # fmt: skip
    reading = read(asked)
    assert (reading.place, reading.things) == ("forest", ("car",))
    assert read({**asked, "painter": {}}).place == "abstract"
