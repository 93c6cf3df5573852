"""Whole plans by the rules writer: a thousand of them, all valid, and one of a long song in a fifth of a second."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from fractions import Fraction
from itertools import pairwise
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mvr import shotlist
from mvr.backends.rules import casting
from mvr.backends.rules.reading import found, vocabulary
from mvr.model import Character, ShotPlan
from mvr.resources import resource
from mvr.stages import keyframe
from mvr.timeline import film_frames
from tests.backends.films import CAST, Film
from tests.score import pop, song, songs
from tests.test_shotlist import project

SUBJECTS = ["a lonely musician", "two strangers", "a robot", "the last whale", "she", "an old fisherman", "neon glass"]
VERBS = ["walks through", "dances in", "waits by", "burns", "forgets", "follows the wolves into", "drives to"]
PLACES = ["a rain-soaked city", "the sea at dawn", "an empty train station", "the snow", "a red club", "nowhere"]
ENDS = ["", ", then reaches a rooftop at dawn", " until the rain stops", ". Nobody knows", " and lets it go"]
SHEET = {
    "ada": ("young woman, short black hair", "a long red coat", ("ink on her fingers",)),
    "ben": ("old man, grey beard", "a green jacket", ()),
    "cleo": ("a dancer", "a yellow dress and white shoes", ("a scar",)),
    "fans": ("a crowd in grey", "", ()),
}
LINES = [
    {"start": 3.0, "end": 6.0, "text": "the mirror burns and nobody cries"},
    {"start": 6.0, "end": 9.5, "text": "take my hand & run <away>"},
]


def plans() -> st.SearchStrategy[Film]:
    """Films of random songs, concepts and cuts."""
    concepts = st.builds("{} {} {}{}".format, *map(st.sampled_from, (SUBJECTS, VERBS, PLACES, ENDS)))
    return st.builds(
        Film,
        songs(longest=120).filter(lambda music: music["duration"] > 1),
        concepts | st.sampled_from(["", "grief", "Neon geometry, endless recursion"]),
        seed=st.integers(0, 99),
        cast=st.sampled_from([[], [], CAST, CAST[:1], CAST[1:]]),
        lines=st.sampled_from([[], LINES]),
        by=st.sampled_from(["music", "beats", "regular", "random"]),
        length=st.sampled_from([[2.5, 7.0], [4.0, 8.0], [1.0, 3.0]]),
        sections=st.sampled_from([{}, {"chorus": "the city lights up around her"}]),
    )


def shotplans(film: Film, cast: Any) -> tuple[Any, tuple[ShotPlan, ...]]:
    """The project of a film, and its shots as they would be made."""
    names = [who["name"] for who in cast]
    sheet = tuple(Character(name, "lead", *SHEET[name]) for name in names)
    mine = project(characters=sheet)
    return mine, shotlist.planned(mine, film.cut, film.written, film.music["duration"])


@pytest.fixture(scope="module")
def valid() -> Any:
    """What checks a document against a schema, compiled once."""

    def reads(name: str) -> Any:
        return jsonschema.Draft7Validator(json.loads(resource(f"schemas/{name}.schema.json").read_text()))

    return {name: reads(name) for name in ("treatment", "shots", "shotlist")}


@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_a_thousand_plans(valid: Any, film: Film) -> None:
    """Each is valid, tiles its song, keeps every character's words, and says nothing twice."""
    assert valid["treatment"].is_valid(film.treatment), next(valid["treatment"].iter_errors(film.treatment))
    assert all(valid["shots"].is_valid(document) for document in film.written.values())
    cast = [who for who in CAST if any(who["name"] == one["name"] for one in film.treatment["cast"])]
    mine, shots = shotplans(film, cast)
    assert shots[0].first_frame == 0
    assert shots[-1].end_frame == film_frames(film.music["duration"], Fraction(24))
    assert all(one.end_frame == other.first_frame for one, other in pairwise(shots))
    told = set()
    for shot in shots:
        people = shot.sheet(mine)
        joined = keyframe.recipe(mine, shot)[0]["prompt"]
        for who in people:
            assert all(words in joined for words in (who.description, who.wardrobe, *who.features))
        bare = re.sub(r"\d+", "", shot.prompt)
        assert bare not in told
        told.add(bare)
        assert not set("<>&\n") & set(shot.prompt)


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
