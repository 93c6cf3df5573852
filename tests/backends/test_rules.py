"""The rules writer: what it reads of a concept, and that its films hold together."""

from __future__ import annotations

import hashlib
import json
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvr.backends import backend, names, rules
from mvr.backends.rules.reading import clauses, found, opened, read, things, vocabulary
from mvr.backends.sketch import reading as sketch
from mvr.errors import ProjectError
from tests.backends.films import CAST, STYLE, Film
from tests.score import form, pop, song, songs

CONCEPTS = [
    "A lonely musician walks through a rain-soaked city and reaches a rooftop at dawn.",
    "A robot learns to love",
    "Neon geometry, endless recursion",
    "Two strangers dancing in an empty train station, then parting at dawn",
    "An astronaut drifts in space. She remembers the summer. A ship finds her!",
    "grief",
    "",
]


def test_another_take_is_another_treatment_of_the_same_words() -> None:
    """Take 1 is what no number gives; take 2 is another, the same each time."""
    ask = {"seed": 1, "concept": CONCEPTS[0], "sections": {}, "style": STYLE, "characters": CAST, "lines": []}
    ask["form"] = form(pop())
    first, second = rules.treatment(ask), rules.treatment({**ask, "take": 2})
    assert rules.treatment({**ask, "take": 1}) == first != second == rules.treatment({**ask, "take": 2})
    assert {**ask, "seed": 1} == ask


def framing(prompt: str) -> tuple[str, str]:
    """The size and the angle that a prompt names."""
    camera = vocabulary("camera")
    sizes = [entry["text"] for table in ("sizes", "openings") for entry in map(_sized, camera[table].values())]
    angles = [entry["text"] for entry in camera["angles"].values()]
    angles += [entry["angle"] for entry in camera["openings"].values()]
    size = next(text for text in sorted(sizes, key=len, reverse=True) if text.lower() in prompt.lower())
    return size, next(
        text for text in sorted(angles, key=len, reverse=True) if f"{size} {text}".lower() in prompt.lower()
    )


def _sized(entry: Any) -> Any:
    return {"text": entry.get("text") or entry["size"]}


def plans() -> st.SearchStrategy[Film]:
    return st.builds(
        Film,
        songs(),
        st.sampled_from(CONCEPTS),
        seed=st.integers(0, 3),
        cast=st.sampled_from([[], CAST, CAST[:1], CAST[1:2]]),
        sections=st.sampled_from([{}, {"chorus": "the city lights up around her", "verse-1": "she waits in the snow"}]),
        style=st.sampled_from(
            [{}, {"lighting": "neon reflections", "camera": "restrained in verses, wide in choruses"}]
        ),
    )


def test_rules_is_a_writer() -> None:
    """The register finds it, with the names that every backend has, and it lacks nothing anywhere."""
    assert "rules" in names()
    module = backend("rules")
    assert (module.NAME, module.OPTIONS, module.lacks({})) == ("rules", {}, None)
    assert module.identity({}) == {"version": module.VERSION}
    assert module.SUMMARY


# what it reads


@pytest.mark.parametrize(
    ("concept", "told"),
    [
        (
            CONCEPTS[0],
            ["A lonely musician walks through a rain-soaked city", "A lonely musician reaches a rooftop at dawn"],
        ),
        (CONCEPTS[3], ["Two strangers dancing in an empty train station", "Two strangers parting at dawn"]),
        ("She walks a lantern home and lets it rise", ["She walks a lantern home and lets it rise"]),
        ("Cats and dogs run wild", ["Cats and dogs run wild"]),
        ("A girl runs until she finds the sea", ["A girl runs", "she finds the sea"]),
        ("The city sleeps and the trains stop. Nobody knows", ["The city sleeps", "the trains stop", "Nobody knows"]),
        ("grief", ["grief"]),
        ("  ", []),
    ],
)
def test_a_concept_is_told_in_steps(concept: str, told: list[str]) -> None:
    """A concept is cut where a new step begins, its subject carried over; what cannot be cut safely stays whole."""
    assert clauses(concept) == told


@pytest.mark.parametrize(
    ("sentence", "place", "words", "time", "weather"),
    [
        (CONCEPTS[0], "city", "the rain-soaked city", "dawn", "rain"),
        ("on the quay of a sleeping harbour city", "sea", "the quay", None, None),
        ("a sleeping harbour city at midnight", "city", "the sleeping harbour city", "night", None),
        ("a street musician plays in her room", "room", "her room", None, None),
        ("an astronaut walks in a forest", "forest", "the forest", None, None),
        ("an astronaut dreams", "space", None, None, None),
        ("he stands there as the rain stops", None, None, None, "clear"),
        ("beneath the waves, after the storm", "underwater", None, None, "clear"),
        ("a sunny meadow", "field", "the sunny meadow", "day", "clear"),
        ("numbers", None, None, None, None),
    ],
)
def test_a_sentence_names_its_setting(
    sentence: str, place: str | None, words: str | None, time: str | None, weather: str | None
) -> None:
    """Place, time of day and weather are read as the user wrote them."""
    said = read(sentence)
    assert (said.place, said.place_words, said.time, said.weather) == (place, words, time, weather)


def test_a_sentence_goes_into_another_one() -> None:
    """Only a word that is no name loses its capital; only the full stop goes."""
    assert opened("The city  sleeps.\n") == "the city sleeps"
    assert opened("Ada sleeps. Ben too.") == "Ada sleeps. Ben too"


@pytest.mark.parametrize(
    ("concept", "named"),
    [
        ("A man burns his letters by the sea, then reads the last letter aloud.", ["his letters"]),
        ("In the snow a girl follows the wolves into the forest.", ["the wolves"]),
        ("The last whale sings to a lighthouse.", ["the last whale"]),
        ("A diver finds a lit city under the ice.", []),
        ("An astronaut remembers a summer by the sea.", []),
        ("A woman walks through a city at night.", []),
        ("grief", []),
    ],
)
def test_the_things_of_a_concept(concept: str, named: list[str]) -> None:
    """What a camera can be held on: no person, no place, no time and no idea."""
    assert things(concept) == named


def test_the_vocabulary_contradicts_nobody() -> None:
    """What is chosen freely, such as a detail or a lens, names no other place, and no time of day or weather at all."""
    camera, places = vocabulary("camera"), vocabulary("places")
    free = [(None, text) for key in ("lenses", "focus", "frames", "near people", "near") for text in camera[key]]
    free += [(None, text) for text in [*camera["images"].values(), *camera["things"]]]
    beats = [vocabulary("moves")[key] for key in ("beats", "beats of two")]
    free += [(None, text) for table in beats for texts in table.values() for text in texts]
    free += [(place, text) for place, entry in places.items() for text in [*entry["details"], *entry["moving"]]]
    for place, text in free:
        assert {meaning for meaning, _, _ in found("places", text)} <= {place}, text
        assert not found("times", text), text
        assert not found("weathers", text), text
    for place, entry in places.items():
        assert read(entry["at"]).place == read(entry["the"] if place != "underwater" else "underwater").place == place
        assert set(entry["within"]) <= places.keys()
    for time, entry in vocabulary("sky")["times"].items():
        assert read(entry["at"]).time == (time if time != "day" else read(entry["at"]).time)
    for weather, entry in vocabulary("sky")["weathers"].items():
        assert read(entry["at"]).weather == weather


# what it writes


@settings(max_examples=60)
@given(plans())
def test_a_film_holds_together(film: Film) -> None:
    """No two prompts are alike, consecutive shots differ in size and angle, and motion prompts are never empty."""
    bare = [re.sub(r"\d+", "", prompt) for prompt in film.prompts()]
    assert len(set(bare)) == len(bare)
    order = list(film.briefs)
    framed = [(framing(shot["prompt"]), order.index(name.rpartition(".")[0])) for name, shot in film.shots.items()]
    for ((size, angle), section), ((next_size, next_angle), following) in pairwise(framed):
        if following - section <= 1:  # a section too short for a shot is not reckoned with
            assert size != next_size
            assert angle != next_angle
    assert all(shot["motion"] and shot["prompt"].endswith(".") for shot in film.shots.values())
    assert not [prompt for prompt in film.prompts() if re.search(r"\s\s|,,|\.\.|,\.| ,|: \.|, :", prompt)]


@settings(max_examples=60)
@given(songs(), st.integers(0, 5), st.sampled_from(CONCEPTS), st.sampled_from([CAST, CAST[:1], CAST[1:3]]))
def test_every_character_appears(music: Any, seed: int, concept: str, cast: Any) -> None:
    """Whoever is lead or supporting is in a shot of each of its sections' shots, and in one section at least."""
    film = Film(music, concept, seed=seed, cast=cast)
    for name, brief in film.briefs.items():
        seen = {who for shot, x in film.shots.items() if shot.startswith(f"{name}.") for who in x["characters"]}
        assert seen <= set(brief["characters"])
        if any(shot.startswith(f"{name}.") for shot in film.shots):
            assert {who for who in brief["characters"] if who != "fans"} <= seen
    assert {who["name"] for who in cast if who["role"] != "crowd"} <= {
        who for brief in film.briefs.values() for who in brief["characters"]
    }


def test_a_lead_is_alone_and_a_supporting_character_shares() -> None:
    """Over a whole song both happen."""
    casts = [shot["characters"] for shot in Film(pop(), CONCEPTS[0], cast=CAST[:2]).shots.values()]
    assert ["ada"] in casts
    assert ["ada", "ben"] in casts


@settings(max_examples=60)
@given(songs(longest=90), st.integers(0, 3), st.floats(0.01, 0.99), st.sampled_from([[], CAST]))
def test_a_forced_cut_changes_no_other_words(music: Any, seed: int, share: float, cast: Any) -> None:
    """One more cut writes one more shot; every other one keeps its words, and the new one is unlike its neighbours."""
    lines = [{"start": 1.0, "end": 30.0, "text": "burning birds in the mirror"}]
    before = Film(music, CONCEPTS[0], seed=seed, cast=cast, lines=lines)
    try:
        after = Film(music, CONCEPTS[0], seed=seed, cast=cast, lines=lines, at=[share * music["duration"]])
    except ProjectError:
        return
    (added,) = after.shots.keys() - before.shots.keys()
    assert {name: shot for name, shot in after.shots.items() if name != added} == before.shots
    order, sections = list(after.shots), list(after.briefs)
    index = order.index(added)
    beside = [name for name in order[max(0, index - 1) : index + 2] if name != added]
    place = {name: sections.index(name.rpartition(".")[0]) for name in (*beside, added)}
    near = [framing(after.shots[name]["prompt"]) for name in beside if abs(place[name] - place[added]) <= 1]
    size, angle = framing(after.shots[added]["prompt"])
    assert size not in {other for other, _ in near}
    assert angle not in {other for _, other in near}


@settings(max_examples=60)
@given(songs(longest=90), st.integers(0, 3), st.integers(1, 1000), st.sampled_from([[], CAST]))
def test_a_dropped_cut_changes_no_other_words(music: Any, seed: int, which: int, cast: Any) -> None:
    """A cut left out takes its shot's words with it, and no others."""
    lines = [{"start": 1.0, "end": 30.0, "text": "burning birds in the mirror"}]
    before = Film(music, CONCEPTS[0], seed=seed, cast=cast, lines=lines)
    if len(before.shots) < 2:
        return
    gone = list(before.shots)[1 + which % (len(before.shots) - 1)]
    after = Film(music, CONCEPTS[0], seed=seed, cast=cast, lines=lines, drop=[gone])
    assert after.shots == {name: shot for name, shot in before.shots.items() if name != gone}


@pytest.mark.parametrize(
    ("sentence", "place", "time", "weather"),
    [
        ("the harbour opens before her", "sea", None, None),
        ("snow falls on the desert at noon", "desert", "day", "snow"),
        ("a cloudless morning in the mountains", "mountains", "dawn", ""),
        ("they sink underwater", "underwater", None, ""),
    ],
)
def test_the_users_sentence_stands(sentence: str, place: str, time: str | None, weather: str | None) -> None:
    """A section's own sentence is in each of its prompts, word for word, and nothing in them says otherwise."""
    film = Film(pop(), CONCEPTS[0], sections={"chorus": sentence}, cast=CAST)
    brief = film.briefs["chorus-2"]
    assert (brief["brief"], brief["given"], brief["place"]) == (sentence, True, place)
    for prompt in film.prompts("chorus"):
        assert sentence in prompt
        assert {meaning for meaning, _, _ in found("places", prompt)} <= {place}
        if time:
            assert {meaning for meaning, _, _ in found("times", prompt)} <= {time}
        if weather is not None:
            assert {meaning for meaning, _, _ in found("weathers", prompt)} <= {weather}


@settings(max_examples=40)
@given(songs(), st.sampled_from(CONCEPTS))
def test_one_sections_sentence_changes_that_section_alone(music: Any, concept: str) -> None:
    """The brief of every other section stays as it is, whatever is said of one."""
    name = music["sections"][-1]["name"]
    before, after = (
        Film(music, concept),
        Film(music, concept, sections={name: "a forest closes around them in the fog"}),
    )
    assert {key: brief for key, brief in before.briefs.items() if key != name} == {
        key: brief for key, brief in after.briefs.items() if key != name
    }
    assert after.briefs[name]["place"] == "forest"


def test_the_arc_leads_where_the_concept_ends() -> None:
    """The first step opens the film and the last one closes it; each section has a look of its own."""
    film = Film(pop(), CONCEPTS[0])
    briefs = film.treatment["sections"]
    assert [brief["place"] for brief in (briefs[0], briefs[-1])] == ["city", "rooftop"]
    assert briefs[0]["time"] != "dawn"
    assert briefs[-1]["time"] == "dawn"
    assert all(brief["weather"] == "rain" for brief in briefs)
    looks = [tuple(brief[key] for key in ("place", "time", "weather", "light", "lens")) for brief in briefs]
    assert len(set(looks)) == len(looks)
    assert [brief["purpose"] for brief in briefs] == ["establish", "develop", "develop", "develop", "climax", "resolve"]
    assert film.treatment["ending"].startswith("A lonely musician reaches a rooftop at dawn")


@pytest.mark.parametrize("concept", ["A man burns his letters by the sea.", "Two strangers dance in a club.", "grief"])
def test_a_concept_of_one_clause_is_not_told_by_every_shot(concept: str) -> None:
    """Between the shots that tell it are the place alone, its people and its things; it opens every section that does
    not open on its place, and ends the film."""
    film = Film(song(240.0, [("verse", 0.0, "medium"), ("chorus", 80.0, "high"), ("outro", 160.0, "falling")]), concept)
    said = concept.rstrip(".").lower()
    telling = [said in prompt.lower() for prompt in film.prompts()]
    assert 0.25 < sum(telling) / len(telling) < 0.6
    assert telling[-1]
    for section in film.briefs:
        assert any(said in prompt.lower() for prompt in film.prompts(section)[:2])
    alone = [shot for shot in film.shots.values() if not shot["characters"]]
    assert len(alone) > len(telling) / 5
    if "letters" in concept:
        near = [shot["prompt"] for shot in alone if "his letters" in shot["prompt"]]
        assert near
        assert all("full shot" in prompt or "medium shot" in prompt for prompt in near)
        assert any("the man " in shot["prompt"] for shot in film.shots.values())


def test_a_lead_is_called_as_the_concept_does() -> None:
    """`lead` is a part and no name: the sentence speaks of the diver, in the place that is under the ice."""
    cast = [{"name": "lead", "role": "lead", "arc": "", "range": []}]
    film = Film(song(60.0, [("verse", 0.0, "medium")]), "A diver finds a lit city under the ice.", cast=cast)
    told = [prompt for prompt in film.prompts() if ": the diver " in prompt]
    assert told
    assert not [prompt for prompt in film.prompts() if "the lead" in prompt]
    assert film.briefs["verse-1"]["place_words"] == "the lit city under the ice"
    assert film.briefs["verse-1"]["place"] == "underwater"


def test_choruses_echo_each_other() -> None:
    """Shots at the same bar of two choruses are framed alike, in other light or through another lens."""
    film = Film(pop(), "A man walks by the sea")
    first, second = film.shots["chorus-1.1"], film.shots["chorus-2.1"]
    assert framing(first["prompt"]) == framing(second["prompt"])
    assert first["prompt"] != second["prompt"]
    assert film.briefs["chorus-1"]["place"] == film.briefs["chorus-2"]["place"] == "beach"


def test_concepts_give_different_films() -> None:
    """On one song, five concepts play in five places."""
    five = [CONCEPTS[0], "a ghost waits", "a cowboy rides", "the last whale sings beneath the waves", "a piano dreams"]
    places = [tuple(brief["place"] for brief in Film(pop(), concept).treatment["sections"]) for concept in five]
    assert len(set(places)) == 5


def test_motion_follows_energy() -> None:
    """Quiet sections are slow or held, loud ones fast; style.camera slows the sections it names."""
    music = pop()
    music["energy"] = {"rate": 1.0, "values": [0.1] * 8 + [0.5] * 16 + [0.95] * 200}
    film = Film(music, CONCEPTS[0])
    slow = [shot["motion"] for name, shot in film.shots.items() if name.startswith("intro")]
    fast = [shot["motion"] for name, shot in film.shots.items() if name.startswith("chorus-2")]
    assert all(re.match(r"slow|locked", motion) for motion in slow)
    assert all(re.match(r"fast|whip|handheld, shaking", motion) for motion in fast)
    calm = Film(music, CONCEPTS[0], style={"camera": "wild in verses and restrained in choruses"})
    assert calm.briefs["chorus-1"]["camera"] == "restrained in choruses"
    assert not any(re.match(r"fast|whip", shot["motion"]) for name, shot in calm.shots.items() if "chorus" in name)


def test_the_words_sung_colour_their_shot() -> None:
    """A shot over a line that holds a picture shows it; no line is written into a prompt."""
    lines = [{"start": 9.0, "end": 14.0, "text": "I saw you in the mirror"}]
    film = Film(pop(), CONCEPTS[0], lines=lines)
    assert "reflection" in film.shots["verse-1.1"]["prompt"]
    assert sum("reflection" in prompt for prompt in film.prompts()) == 1
    assert not any("I saw you" in prompt for prompt in film.prompts())


def test_what_the_user_says_of_style_stands() -> None:
    """Palette and lighting are the user's where given; their light is not named again in other words."""
    style = {"palette": ["#0b1d51"], "lighting": "neon reflections"}
    film = Film(pop(), CONCEPTS[0], style=style)
    assert (film.treatment["palette"], film.treatment["lighting"]) == (["#0b1d51"], "neon reflections")
    assert {brief["light"] for brief in film.treatment["sections"]} <= set(vocabulary("sky")["falls"])


def test_users_casts_stand() -> None:
    """A section where the user says who is in it has nobody else; an empty list means nobody."""
    notes = {"chorus": {"concept": "", "characters": ["ben"]}, "intro": {"concept": "the empty sea", "characters": []}}
    film = Film(pop(), CONCEPTS[0], cast=CAST, sections=notes)
    assert {who for n, shot in film.shots.items() if "chorus" in n for who in shot["characters"]} == {"ben"}
    assert not [shot for name, shot in film.shots.items() if "intro" in name and shot["characters"]]


@pytest.mark.parametrize("place", sorted(vocabulary("places")))
def test_the_sketch_sees_what_is_meant(place: str) -> None:
    """The default painter reads place, time of day and weather out of a prompt as its brief has them."""
    entry, sky = vocabulary("places")[place], vocabulary("sky")
    film = Film(pop(), f"Someone waits {entry['at']}", seed=3, cast=CAST)
    for name, shot in film.shots.items():
        brief = film.briefs[name.rpartition(".")[0]]
        seen = sketch.read({"sentence": shot["prompt"], "characters": shot["characters"], "seed": 5})
        assert seen.place == brief["place"], shot["prompt"]
        here = vocabulary("places")[brief["place"]]
        if not here.get("timeless"):
            assert seen.time == brief["time"], shot["prompt"]
        if not here.get("inside") and brief["weather"] in sky["weathers"]:
            assert seen.weather == brief["weather"], shot["prompt"]


def test_an_empty_place_is_empty() -> None:
    """Nobody of the sheet stands where the user's sentence says that nobody does."""
    film = Film(pop(), CONCEPTS[0], cast=CAST, sections={"intro": "rain on the empty harbour", "verse": "an empty man"})
    assert film.briefs["intro-1"]["characters"] == []
    assert "ada" in film.briefs["verse-1"]["characters"]


def test_a_song_of_one_section_has_an_arc() -> None:
    """Where no form was heard, the shots themselves establish, climb and resolve."""
    film = Film(song(60.0, [("part", 0.0, "medium")], bpm=0), CONCEPTS[0])
    purposes = [shot["purpose"] for shot in film.shots.values()]
    assert (purposes[0], purposes[-1], purposes.count("climax")) == ("establish", "resolve", 1)


def test_the_writers_words_are_those_of_its_version() -> None:
    """Other words under the same version would leave old films beside new ones: raise VERSION with this digest."""
    film = Film(pop(), CONCEPTS[0], cast=CAST, sections={"bridge": "they wait"}, at=[9.5])
    text = json.dumps([film.treatment, film.shots], sort_keys=True)
    assert (rules.VERSION, hashlib.sha256(text.encode()).hexdigest()[:16]) == (4, "de0ee9153d39c1ac")
