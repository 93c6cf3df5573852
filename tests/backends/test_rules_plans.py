"""Whole plans by the rules writer: a thousand of them, all valid, and one of a long song in a fifth of a second."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from mvr.backends.rules import casting
from mvr.backends.rules.reading import found, vocabulary
from mvr.stages import keyframe
from tests.backends.films import CAST, Film
from tests.backends.plans import hold_together, shotplans, wishes
from tests.score import pop, song


@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
@given(wishes())
def test_a_thousand_plans(wish: Any) -> None:
    """Each is valid, tiles its song, keeps every character's words, and says nothing twice."""
    hold_together(Film(**wish))


def test_a_song_of_four_minutes_is_planned_in_a_blink() -> None:
    """Treatment and all shots of a four-minute song take less than 0.2 s beyond start-up: the best of three runs."""
    parts = [("intro", 0.0, "low")]
    for count in range(4):
        parts += [("verse", 10.0 + count * 55, "medium"), ("chorus", 38.0 + count * 55, "high")]
    parts += [("outro", 228.0, "falling")]
    music = song(240.0, parts)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        film = Film(
            music, "A lonely musician walks through a rain-soaked city and reaches a rooftop at dawn.", cast=CAST
        )
        times.append(time.perf_counter() - start)
    assert len(film.shots) > 40
    assert min(times) < 0.2


def test_the_writer_loads_nothing_heavy() -> None:
    """A treatment and its shots are written with the standard library alone."""
    code = (
        "import sys; from mvr.backends import rules\n"
        "ask = dict(seed=1, concept='She runs', sections={}, style=dict(look='', lighting='', camera='', palette=()),"
        " characters=[], lines=[], form=[dict(name='verse-1', role='verse', label='A', energy='low')])\n"
        "rules.treatment(ask)\n"
        "print(*sorted({'numpy', 'torch', 'librosa', 'cv2', 'jsonschema', 'yaml', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""


# the cast that a concept speaks of


@pytest.mark.parametrize(
    ("concept", "names"),
    [
        ("A lonely musician walks through a rain-soaked city", ["musician"]),
        ("Two strangers dance", ["first-stranger", "second-stranger"]),
        ("A father and his son sail", ["father", "son"]),
        ("In the snow she waits", ["woman"]),
        ("a couple of dogs", []),
        ("grief", []),
        ("The wolves run", []),
    ],
)
def test_who_a_concept_speaks_of_is_cast(concept: str, names: list[str]) -> None:
    """People become characters with a sheet of their own; animals, things and ideas are left to the sentence."""
    sheet = casting.sheet(concept, 1)
    assert [who["name"] for who in sheet] == names
    assert len({who["wardrobe"] for who in sheet}) == len({who["description"] for who in sheet}) == len(sheet)


def test_other_words_change_nobodys_clothes() -> None:
    """A character keeps body and clothes while the concept says the same of her."""
    before, after = (casting.sheet(f"A lonely singer {words}", 7) for words in ("walks home", "drives into the desert"))
    assert before == after
    assert casting.sheet("A lonely singer until he wakes", 7)[0]["description"].count("man")


def test_the_users_cast_is_the_cast() -> None:
    """Where the project names characters none is thought of, and their arc and range stay as the user wrote them."""
    mine = [{"name": "ada", "role": "lead", "arc": "from isolated to quietly hopeful", "range": ["sad"]}]
    film = Film(pop(), "A lonely musician walks home", cast=mine)
    assert film.treatment["cast"] == mine
    assert not any(document["cast"] for document in film.written.values())
    assert "ada: isolated" in film.shots["intro-1.3"]["direction"]
    assert "ada: quietly hopeful" in film.shots["outro-1.3"]["direction"]


def test_a_thought_of_character_is_in_prompts_portraits_and_the_list() -> None:
    """The writer's own character has words, a place they come from, and nothing of them in the written sentence."""
    film = Film(pop(), "A lonely musician walks home")
    mine, shots = shotplans(film, [])
    shot = next(shot for shot in shots if shot.characters)
    (who,) = shot.sheet(mine)
    values, sources = keyframe.recipe(mine, shot)
    assert who.wardrobe in values["prompt"]
    assert who.wardrobe not in shot.prompt
    assert sources["characters.0.wardrobe"] == f"{shot.section}/shots:cast"


# tone, manner, words


def test_the_tone_follows_the_song_and_its_words() -> None:
    """One concept over a quiet song and a loud one has two tones, and so has one song with other words."""
    quiet = song(60.0, [("verse", 0.0, "low"), ("outro", 30.0, "falling")])
    loud = song(60.0, [("verse", 0.0, "high"), ("chorus", 30.0, "high")])
    lines = [{"start": 1.0, "end": 9.0, "text": "I love you with all my heart"}]
    tones = [Film(music, "geometry").treatment["tone"] for music in (quiet, loud)]
    assert tones == ["melancholy", "euphoric"]
    assert Film(quiet, "geometry", lines=lines).treatment["tone"] == "tender"


def test_films_are_framed_in_their_own_manner() -> None:
    """Over one song and seed, concepts of different tone open their sections and frame their shots differently."""
    concepts = ("grief in a house", "two friends dance at a party", "the war begins in the city", "a dream of wings")
    films = [Film(pop(), concept) for concept in concepts]
    assert len({film.treatment["sections"][0]["manner"] for film in films}) >= 3
    framed = [tuple(re.sub(r":.*", "", prompt) for prompt in film.prompts("verse-1")) for film in films]
    assert len(set(framed)) == len(films)


def test_what_a_thought_of_character_wears_contradicts_nobody() -> None:
    """No body, garment, mark or feeling of the vocabulary names a place, a time of day or a weather."""
    table = vocabulary("cast")
    words = [*table["worn"], *table["features"], *table["machine features"]]
    words += [text for kind in ("bodies", "wardrobes") for texts in table[kind].values() for text in texts]
    for text in words:
        assert not [hit for kind in ("places", "times", "weathers") for hit in found(kind, text)], text
    for tone in vocabulary("tones").values():
        for text in [tone["arc"], *tone["range"]]:
            assert not [hit for kind in ("places", "times", "weathers", "lights") for hit in found(kind, text)], text
