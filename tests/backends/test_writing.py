"""What writers that ask a model share: text that is data, answers that are judged, films that hold together."""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import pairwise
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvr.backends import backend
from mvr.backends._writing import asking, films, forms, prompts, text
from mvr.errors import StageError
from mvr.resources import resource
from tests.backends.talker import Talker, filled, film_ask, section_ask

TEMPLATES = ("abstract", "lyric", "paper-clap", "performance", "story")
SECTIONS = ("intro-1", "verse-1", "chorus-1", "verse-2", "chorus-2", "outro-1")


def valid(document: Any, name: str) -> Any:
    jsonschema.validate(document, json.loads(resource(f"schemas/{name}.schema.json").read_text()))
    return document


def film(say: Any, template: str = "story", **more: Any) -> Any:
    """A treatment, and the shots of all its sections."""
    treatment = valid(films.treatment(film_ask(**more), say, template), "treatment")
    shots = {name: valid(films.section(section_ask(treatment, name), say, template), "shots") for name in SECTIONS}
    return treatment, shots


# text


@given(st.text(max_size=400) | st.text("&#lt;a \u200b<", max_size=40), st.integers(1, 300))
def test_a_clean_text_is_one_bounded_line_without_controls_and_marks(said: str, most: int) -> None:
    """Whatever a model says, what is kept is one line of at most that length, and cleaning it again changes nothing."""
    kept = text.clean(said, most)
    assert len(kept) <= most
    assert not set(kept) & set("<>{}`|\\*~^[]\n\r\t")
    assert not re.search(r"&#?\w+;", kept)
    assert all(unicodedata.category(one)[0] != "C" or one in "\u200c\u200d" for one in kept)
    assert text.clean(kept, most) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("**She** runs\x00 \x1b[31mhome\u202e", "She runs 31mhome"),
        ("a <b>red</b> <script src=x>door</script>", "a red door"),
        ("{{ 7 * 7 }} and {% include '/etc/passwd' %} doors", "and doors"),
        ("[the sea](http://example.com/x) at night", "the sea at night"),
        ("# Title\n\n_quiet_  street_corner", "Title quiet street_corner"),
        ("मैं می\u200cروم 夜の街", "मैं می\u200cروم 夜の街"),
        ("rock & roll &lt;b&gt; &#60;", "rock & roll"),
        ("one two three four", "one two three"),
    ],
)
def test_markup_goes_and_words_stay(said: str, kept: str) -> None:
    """Tags, templates, links and emphasis go; letters of any script stay; a long text ends between words."""
    assert text.clean(said, 16 if said.startswith("one") else 200) == kept


@pytest.mark.parametrize(
    "answer",
    [
        "<think>one { two</think>said",
        "one two</think>\n\nsaid",
        "<THINKING>a</THINKING><think>b</think> said",
        "said<think>and on",
        "said",
    ],
)
def test_reasoning_is_stripped(answer: str) -> None:
    """A whole block, one whose beginning stood in the prompt, and one that never ends leave the answer alone."""
    assert text.unreasoned(answer) == "said"


def test_json_is_found_among_words() -> None:
    """A fence and words around the object are passed over; NaN, a cut object and depth without end are no answer."""
    assert text.parsed('Sure!\n```json\n{"a": [1]}\n```\nDone.') == {"a": [1]}
    for bad in ("no object", '{"a": NaN}', '{"a": "b', '{"a":' * 100_000):
        with pytest.raises(text.Unfit):
            text.parsed(bad)


def test_a_script_is_read_by_its_scenes() -> None:
    """Scenes count after the marker alone, in any order and dress; a missing one is named."""
    answer = (
        "SCENE 1: not this\n**SCRIPT:**\n**SCENE 2:** the door opens\n on the sea\n\nend\nScene 1 - she waits there"
    )
    assert text.scenes(answer, 2) == ["she waits there", "the door opens  on the sea"]
    with pytest.raises(text.Unfit, match="missing: 3"):
        text.scenes(answer, 3)


# prompts


def test_the_templates_are_those_of_the_manual() -> None:
    """Parts of templates are no templates; each one's digest follows its bytes."""
    assert prompts.names() == TEMPLATES
    assert len({prompts.digest(name) for name in TEMPLATES}) == len(TEMPLATES)


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_the_user_wrote_is_in_the_prompt(template: str) -> None:
    """Concept, fixed sentences, characters, style, lyrics; and for shots their ids, brief and sung words."""
    say = Talker()
    treatment, _ = film(say, template)
    asked = say.asked[0][0]["content"]
    for words in (
        "rain-soaked city",
        "lights up around her",
        "- ada, lead",
        "35mm grain",
        "The river knows",
        "from alone",
    ):
        assert words in asked
    shots = next(
        asked[0]["content"] for asked in say.asked if "verse-1" in asked[0]["content"].partition("\n\n")[2][:20]
    )
    assert treatment["sections"][1]["brief"] in shots
    assert "The river knows my name" in shots


def test_text_is_data_in_a_prompt() -> None:
    """A concept and a lyric line that look like a template are said as words, and never run."""
    say = Talker()
    film(say, concept="{{ 7 * 7 }} doors {% for x in y %}", lines=["{{ cycler.__init__ }} <b>loud</b>"])
    assert "49" not in say.asked[0][0]["content"].replace("0 1 4 9", "")
    assert "cycler" not in say.asked[0][0]["content"]
    assert "> loud" in say.asked[0][0]["content"]


# answers


def test_an_unfit_answer_is_asked_again_with_the_judges_words() -> None:
    """The second question shows the answer and says what was wrong with it; its seed is another."""
    say = Talker('{"theme": 3}')
    film(say)
    first, second = say.asked[:2]
    assert [message["role"] for message in second] == ["user", "assistant", "user"]
    assert second[0] == first[0]
    assert "'summary' is a required property" in second[2]["content"]
    assert say.seeds[0] + 1 == say.seeds[1]


@pytest.mark.parametrize("bad", ["", "I would rather not.", "{}", "<think>for ever", '{"a": "' + "x" * 500_000])
def test_two_unfit_answers_are_an_error(bad: str) -> None:
    """After the second one the error says what was wrong, in one sentence, and what to do."""
    with pytest.raises(StageError, match="no usable treatment, asked 2 times") as caught:
        film(Talker(bad, bad))
    assert len(str(caught.value)) < 1000
    assert "make.writer" in caught.value.hint


def test_a_text_that_says_too_little_twice_is_the_rules_own() -> None:
    """Marks alone are no words: the model is asked again; then the rules' words stand, in that place alone."""

    def say(messages: Any, schema: Any, seed: int) -> asking.Answer:
        asked.append(messages[-1]["content"])
        value = filled(schema)
        if "theme" in value:
            value["theme"] = "{{{ ]] <<<"
            value["cast"]["ben"] |= {"arc": "[[[[[[[[[[", "range": ["{}{}"]}
            value["sections"]["verse-1"]["brief"] = "~~~~~~~~~~"
        for shot in list(value.get("shots", {}).values())[:1]:
            shot |= {"picture": "<<<<<<<<<<<<<<<<<<<<", "motion": "<<<<<<<<<<<<", "keep": ["the light", "[[[[[["]}
        return asking.Answer(json.dumps(value))

    asked: list[str] = []
    treatment, shots = film(say)
    own = backend("rules").treatment(film_ask())
    assert "theme: '' says too little" in asked[1]
    assert treatment["theme"] == own["theme"]
    assert treatment["summary"] == "words of summary"
    ranges = [[who["range"] for who in one["cast"]] for one in (treatment, own)]
    assert ranges[0] == [*ranges[1][:2], ["words of cast fans range"]]
    assert treatment["sections"][1]["brief"] == own["sections"][1]["brief"]
    ruled = backend("rules").section(section_ask(treatment, "verse-1"))["shots"][0]
    first = shots["verse-1"]["shots"][0]
    assert (first["prompt"], first["motion"]) == (ruled["prompt"], ruled["motion"])
    assert first["keep"] == ["the light"]
    assert "words of" in shots["verse-1"]["shots"][1]["prompt"]


def test_an_answer_that_was_cut_says_so() -> None:
    """A model stopped at its longest length gets told so, and the hint names the option."""
    with pytest.raises(StageError, match="cut off at its longest") as caught:
        asking.answered(
            lambda *_: asking.Answer('{"a":', cut=True),
            "?",
            forms.record({}),
            1,
            lambda value, last: value,
            "treatment",
        )
    assert "max_tokens" in caught.value.hint


def test_long_answers_are_cut_between_words_and_very_long_ones_refused() -> None:
    """Up to four times the length is cut; beyond that the model is asked again."""
    form = forms.record({"a": forms.text(20)})

    def said(letters: int) -> Any:
        return asking.answered(
            lambda *_: asking.Answer(json.dumps({"a": "word " * (letters // 5)})),
            "?",
            form,
            1,
            films._cleaner(form, {}),
            "x",
        )

    assert said(60) == {"a": "word word word word"}
    with pytest.raises(StageError):
        said(200)


def test_the_forms_for_endpoints_and_grammars_are_of_one_answer() -> None:
    """What fits the bounded form fits the asked one, the loosened and the lenient ones."""
    form = forms.shots(["a.1", "a.2"], ["wide", "close"], ["eye"], ["ada"])
    value = filled(form)
    for one in (form, forms.loosened(form), forms.lenient(form), forms.bounded(form)):
        jsonschema.validate(value, one)
    assert "maxLength" not in json.dumps(forms.loosened(form))
    broken = json.loads(json.dumps(value))
    broken["shots"]["a.1"]["picture"] = "<b> a picture of the sea"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, forms.bounded(form))


# films


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_film_of_any_template_is_whole(template: str) -> None:
    """Every section has a brief and every cut a shot; prompts are unlike, size and angle change from shot to shot."""
    treatment, shots = film(Talker(), template)
    assert [brief["section"] for brief in treatment["sections"]] == list(SECTIONS)
    every = [shot["prompt"] for document in shots.values() for shot in document["shots"]]
    assert len(set(every)) == len(every)
    for document in shots.values():
        framing = [shot["prompt"].partition(":")[0] for shot in document["shots"]]
        assert all(one != other for one, other in pairwise(framing))


def test_what_the_user_fixed_stands() -> None:
    """A section's sentence, the palette, the lighting, the camera, a cast and an arc are the user's where given."""
    style = {"look": "", "lighting": "neon", "camera": "slow", "palette": ["#000000"]}
    sections = {"chorus": {"concept": "only the sea", "characters": ["ben"]}}
    say = Talker()
    treatment, _ = film(say, style=style, sections=sections)
    asked = say.schemas[0]["properties"]
    assert {"palette", "lighting"} & asked.keys() == set()
    assert asked["cast"]["properties"].keys() == {"ben", "fans"}
    briefs = {brief["section"]: brief for brief in treatment["sections"]}
    assert "chorus-1" not in asked["sections"]["properties"]
    assert briefs["chorus-2"]["brief"] == "only the sea"
    assert (briefs["chorus-2"]["characters"], briefs["chorus-2"]["camera"]) == (["ben"], "slow")
    assert (treatment["palette"], treatment["lighting"]) == (["#000000"], "neon")
    assert treatment["cast"][0]["arc"] == "from alone to at home"


def test_everyone_appears() -> None:
    """Whoever the model forgets is in a section and in a shot all the same; a crowd need not be."""
    treatment, shots = film(Talker())
    seen = {name for document in shots.values() for shot in document["shots"] for name in shot["characters"]}
    assert {"ada", "ben"} <= seen
    assert any("ben" in brief["characters"] for brief in treatment["sections"])


def test_a_forced_and_a_dropped_cut_change_no_other_shots_words() -> None:
    """The same questions are asked for the planned shots, and the forced one has its own."""
    treatment, _ = film(Talker())

    def written(**rules: Any) -> Any:
        say = Talker()
        shots = films.section(section_ask(treatment, "verse-1", **rules), say, "story")["shots"]
        return {shot["id"]: shot for shot in shots}, [asked[0]["content"] for asked in say.asked]

    plain, asked = written()
    forced, asked_then = written(at=[11.0])
    (new,) = forced.keys() - plain.keys()
    assert {name: shot for name, shot in forced.items() if name != new} == plain
    assert asked_then[: len(asked)] == asked
    gone = sorted(plain)[2]
    dropped, _ = written(drop=[gone])
    assert {name: shot for name, shot in plain.items() if name != gone} == dropped


def test_shots_that_a_model_shows_twice_are_told_by_the_rules() -> None:
    """A picture that was shown already in the section gives way to the rules' own sentence."""

    def say(messages: Any, schema: Any, seed: int) -> asking.Answer:
        value = filled(schema)
        for shot in value.get("shots", {}).values():
            shot["picture"] = "the same door in the same street 1"
        return asking.Answer(json.dumps(value))

    _, shots = film(say)
    prompts_of = [shot["prompt"] for shot in shots["verse-1"]["shots"]]
    assert sum("the same door" in prompt for prompt in prompts_of) == 1
    assert len(set(prompts_of)) == len(prompts_of) > 2


def test_many_shots_are_asked_for_a_dozen_at_a_time() -> None:
    """A section of many shots is written in batches, and each is shown the last pictures before it."""
    treatment, _ = film(Talker())
    say = Talker()
    films.section(section_ask(treatment, "verse-1", by="regular", length=[0.5, 0.5]), say, "story")
    assert [len(schema["properties"]["shots"]["properties"]) for schema in say.schemas] == [12, 12, 8]
    assert "NEIGHBOURING" not in say.asked[0][0]["content"]
    assert "NEIGHBOURING" in say.asked[1][0]["content"]


def test_a_take_asks_with_another_seed() -> None:
    """Another take of the same words is another seed for the model."""
    first, second = Talker(), Talker()
    film(first)
    film(second, take=2)
    assert first.seeds[0] != second.seeds[0]


def test_the_papers_scenes_become_briefs_and_pictures() -> None:
    """Place and time are read from a section's scene; a shot's picture is its scene, with whom it names."""
    treatment, shots = film(Talker(), "paper-clap")
    intro = treatment["sections"][0]
    assert intro["brief"] == "ada crosses bridge number 1 at dusk, and ben waits"
    assert (intro["place"], intro["time"]) == ("bridge", "dusk")
    shot = shots["verse-1"]["shots"][0]
    assert "ada crosses bridge number 1 at dusk" in shot["prompt"]
    assert set(shot["characters"]) <= {"ada", "ben"}
