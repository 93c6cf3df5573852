"""The transformers writer: weights it may load, answers held to their form, and a tiny model that says noise."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mvr.backends import _weights, backend
from mvr.backends._writing import forms
from mvr.engine.job import Cancelled
from mvr.errors import MachineError, StageError
from mvr.project import form
from mvr.resources import resource
from tests.backends.talker import CAST, STYLE, section_ask
from tests.backends.tiny_chat import LIBRARIES, chat_model, need, options
from tests.desk import BenchDesk
from tests.score import form as form_of
from tests.score import song

writer: Any = backend("transformers")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes what this user has in a cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_HOME", raising=False)
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setattr(_weights, "_known", {})
    monkeypatch.setattr(_weights, "SETTLED_NS", 0)  # what a test has just written is as sure as an old file


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need(*LIBRARIES)
    import torch

    torch.set_num_threads(1)  # two would wait for each other at every token
    return chat_model(tmp_path_factory.mktemp("chat") / "tiny")


def film(model: Path, desk: Any = None, **more: Any) -> Any:
    """A treatment of two sections by a model."""
    wanted = options(model, **more)
    music = song(16.0, [("verse", 0.0, "low"), ("chorus", 8.0, "high")])
    ask = {
        "writer": {"name": "transformers", "identity": writer.identity(wanted)},
        "seed": 1,
        "concept": "A musician walks through the rain.",
        "sections": {},
        "style": STYLE,
        "characters": CAST[:1],
        "form": form_of(music),
        "lines": ["The river knows my name"],
        "how": writer.how(wanted),
    }
    return writer.treatment(ask | more.get("ask", {}), desk)


# what it is known by, without a library


def test_transformers_is_a_writer() -> None:
    """The register finds it by a name that does not shadow the library's; its defaults fit their own forms."""
    assert writer.NAME == "transformers"
    assert writer.__name__ == "mvr.backends.transformers"
    assert (writer.WRITER_LANE, writer.WRITER_EXACT) == ("gpu", False)
    for name, (schema, default) in writer.OPTIONS.items():
        assert default == "" or form.wrongs(default, schema, (name,)) == []


def test_a_folder_is_known_by_its_bytes(tmp_path: Path) -> None:
    """Another byte is another identity, another place is not; pickles and code are no part of it, for they are not
    loaded; and digests are remembered by stat beyond the process."""
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / "config.json").write_text("{}")
        (folder / "model.safetensors").write_bytes(b"weights")
    (other / "pytorch_model.bin").write_bytes(b"pickle")
    (other / "code.py").write_text("raise SystemExit")
    first = _weights.identity(str(one), "")
    assert first == _weights.identity(str(other), "")
    assert sorted(first["files"]) == ["config.json", "model.safetensors"]
    (other / "model.safetensors").write_bytes(b"Weights")
    assert first != _weights.identity(str(other), "")
    table = json.loads((tmp_path / "cache" / "mvr" / "weights.json").read_text())
    assert len(table) == 4
    (tmp_path / "cache" / "mvr" / "weights.json").write_text("{ damaged")
    _weights._known.clear()
    assert first == _weights.identity(str(one), "")


def test_a_model_of_a_hub_is_known_by_its_commit(tmp_path: Path) -> None:
    """A plan needs neither weights nor network: name and commit are all."""
    assert _weights.identity("Qwen/Qwen3-4B", COMMIT) == {"model": "Qwen/Qwen3-4B", "revision": COMMIT}
    assert _weights.here("Qwen/Qwen3-4B", COMMIT).parts[-3:] == ("models--Qwen--Qwen3-4B", "snapshots", COMMIT)


@pytest.mark.parametrize(
    ("name", "revision", "said"),
    [
        ("", "", "it needs a model"),
        ("Qwen/Qwen3-4B", "", "needs its commit"),
        ("Qwen/Qwen3-4B", "main", "needs its commit"),
        ("../../etc", COMMIT, "neither a hub's name"),
        ("a/b/c", COMMIT, "neither a hub's name"),
        ("Qwen/Qwen3-4B", COMMIT, "`mvr models --pull`"),
        ("/no/such/folder", "", "are not here"),
    ],
)
def test_what_is_missing_is_named(name: str, revision: str, said: str) -> None:
    """A model without a commit, an odd name, and weights that are not here."""
    assert said in str(_weights.lacks(name, revision))


def test_the_digests_of_weights_are_read_where_the_hub_s_cache_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cached file links to its bytes under their sha256, which goes into the provenance: 16 GB are not read again."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    blobs = tmp_path / "blobs"
    blobs.mkdir()
    for name, blob in (("vae/model.safetensors", "ab" * 32), ("vae/config.json", "cd" * 20), ("x.safetensors", "odd")):
        (blobs / blob).write_bytes(b"weights")
        link = _weights.here("a/b", COMMIT) / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(blobs / blob)
    assert _weights.digests("a/b", COMMIT) == {"vae/model.safetensors": "ab" * 32}


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    """A folder without safetensors is told so: a pickle can run code."""
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    assert "pickled weights are not loaded" in str(_weights.lacks(str(tmp_path), ""))


def test_a_job_without_weights_ends_with_what_is_missing(tmp_path: Path) -> None:
    """Exit code 3, whether a library or the weights are absent."""
    with pytest.raises(MachineError) as caught:
        film(tmp_path / "nowhere")
    assert caught.value.exit_code == 3


# with a tiny model


@pytest.mark.models
def test_noise_is_held_to_the_form(model: Path, tmp_path: Path) -> None:
    """A model with random weights writes a valid film; the same seed the same, weights loaded once; a take another."""
    desk = BenchDesk(tmp_path)
    loads: list[str] = []
    resident = desk.resident
    desk.resident = lambda name, load: resident(name, lambda: loads.append(name) or load())  # type: ignore[method-assign,func-returns-value]
    treatment = film(model, desk)
    schema = json.loads(resource("schemas/treatment.schema.json").read_text())
    jsonschema.validate(treatment, schema)
    assert film(model, desk) == treatment
    assert film(model, desk, ask={"take": 2}) != treatment
    assert len(loads) == 1
    assert desk.fractions and max(desk.fractions) < 1

    wanted = options(model)
    base = backend("rules").treatment(_six())
    ask = section_ask(base, "intro-1", writer.identity(wanted), writer.how(wanted))
    shots = writer.section(ask, desk)
    jsonschema.validate(shots, json.loads(resource("schemas/shots.schema.json").read_text()))
    assert [shot["id"] for shot in shots["shots"]] == [shot["id"] for shot in ask["cuts"]["shots"]]
    assert len({shot["prompt"] for shot in shots["shots"]}) == len(shots["shots"])


def _six() -> Any:
    from tests.backends.talker import film_ask

    return film_ask()


@pytest.mark.models
def test_every_form_of_an_answer_makes_a_grammar(model: Path) -> None:
    """Texts, names, colours, an empty cast and sections with nothing left open."""
    from mvr.backends.transformers import _Model

    loaded = _Model(str(model), "", "auto")
    brief = forms.brief(["brief", "place", "weather", "characters"], ["city", "sea"], ["ada"])
    for one in (
        forms.treatment({"verse-1": brief, "verse-2": brief}, ["palette", "lighting"], ["ada"]),
        forms.treatment({}, [], []),
        forms.shots(["a.1", "a.1b"], ["wide"], ["eye"], []),
    ):
        assert not loaded.grammar(one).is_error()


@pytest.mark.models
def test_what_makes_a_grammar_fast_changes_no_verdict(model: Path) -> None:
    """With the slices of a text's characters and without, the same tokens may follow, all through an answer."""
    from llguidance import LLMatcher
    from llguidance.hf import from_tokenizer
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    form = forms.bounded(forms.shots(["a.1", "a.2"], ["wide", "close"], ["eye"], ["ada"]))
    grammar = LLMatcher.grammar_from_json_schema({**form, "x-guidance": {"whitespace_flexible": False}})
    fast, plain = (LLMatcher(from_tokenizer(tokenizer, slices=slices), grammar) for slices in (list(forms.SLICES), []))
    chance = random.Random(1)
    while not fast.is_stopped():
        allowed = fast.compute_logit_bias()
        assert allowed == plain.compute_logit_bias()
        token = chance.choice([number for number, verdict in enumerate(allowed) if verdict])
        assert fast.consume_token(token)
        assert plain.consume_token(token)


@pytest.mark.models
def test_thought_comes_first_and_is_bounded(model: Path) -> None:
    """A reasoning model thinks up to its bound, unheld by the form; what it thought is no part of the answer."""
    document = film(model, thought=24)
    jsonschema.validate(document, json.loads(resource("schemas/treatment.schema.json").read_text()))


@pytest.mark.models
def test_an_answer_cut_short_is_asked_again_and_told(model: Path) -> None:
    """Too few tokens for the form end in the hint on max_tokens."""
    with pytest.raises(StageError, match="cut off at its longest") as caught:
        film(model, max_tokens=64)
    assert "max_tokens" in caught.value.hint


@pytest.mark.models
def test_a_prompt_beyond_the_window_is_told(model: Path, tmp_path: Path) -> None:
    """A model that cannot hold the prompt and an answer is named before it says nonsense; one without a chat template
    is asked plainly."""
    need(*LIBRARIES)
    small = chat_model(tmp_path / "small", template=False, window=256)
    with pytest.raises(StageError, match="no room to answer"):
        film(small)


@pytest.mark.models
def test_a_job_that_nobody_wants_ends(model: Path, tmp_path: Path) -> None:
    """Within a few tokens of being cancelled."""
    desk = BenchDesk(tmp_path)
    desk.stop = True
    with pytest.raises(Cancelled):
        film(model, desk)


@pytest.mark.models
def test_code_that_comes_with_a_model_is_not_run(model: Path, tmp_path: Path) -> None:
    """A model that wants its own code is refused, and the code never runs."""
    import shutil

    folder = tmp_path / "own"
    shutil.copytree(model, folder)
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "own-kind", "auto_map": {"AutoConfig": "own.C", "AutoModelForCausalLM": "own.M"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass C: pass\nclass M: pass\n")
    with pytest.raises(StageError, match="cannot be loaded"):
        film(folder)
    assert not (tmp_path / "ran").exists()
