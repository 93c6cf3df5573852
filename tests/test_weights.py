"""`mvr models`: what a project needs, pinned and fetched from a hub that may misbehave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from mvr import hub, weights
from mvr.errors import MachineError
from mvr.resources import resource
from tests.backends.tiny_chat import need
from tests.hub_server import COMMIT, Hub, serving
from tests.studio import PROJECT, Studio

MODEL = "somebody/tiny-flux"
FILES = {
    "model_index.json": json.dumps({"_class_name": "FluxPipeline"}).encode(),
    "README.md": b"# a model\n",
    "one.safetensors": b"all of it once more",
    "transformer/config.json": b"{}",
    "transformer/diffusion_pytorch_model.safetensors": bytes(range(256)) * 200,
    "transformer/diffusion_pytorch_model.bin": b"\x80\x02}q\x00.",
    "vae/diffusion_pytorch_model.safetensors": bytes(100),
    "vae/diffusion_pytorch_model.fp16.safetensors": bytes(50),
    "onnx/deep/model.safetensors": b"another form",
}
LOADED = [
    "model_index.json",
    "transformer/config.json",
    "transformer/diffusion_pytorch_model.safetensors",
    "vae/diffusion_pytorch_model.fp16.safetensors",
]


def film(folder: Path, painter: str) -> Studio:
    return Studio.start(folder / "film", PROJECT + f"make:\n  # whom to ask\n  painter: {painter}\n")


def mvr(studio: Studio, *words: str, url: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """`mvr models` in a process of its own: the hub's library reads its address when it is loaded."""
    caches = {
        "HF_HOME": str(studio.folder.parent / "hub"),
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_ETAG_TIMEOUT": "5",
    }
    ask = "from mvr.cli import main; main(prog_name='mvr')"
    return subprocess.run(
        [sys.executable, "-c", ask, "models", *words, str(studio.file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **caches, "HF_ENDPOINT": url or "http://127.0.0.1:9", "HF_HUB_DISABLE_XET": "1", **more},
    )


# listed, without a library and without a hub


def test_what_a_project_needs_is_listed(tmp_path: Path) -> None:
    """Each maker's model and what it brings along: commit, licence, about how large, whether it is here; the document
    is of its form, and a licence that forbids selling is said."""
    adapter = f"ip_adapter: {{model: h94/IP-Adapter, revision: '{COMMIT}'}}"
    studio = film(tmp_path, "{with: sdxl, " + adapter + "}")
    document = weights.document(studio.workspace.load())
    jsonschema.validate(document, json.loads(resource("schemas/models.schema.json").read_text()))
    model, part = document["models"]
    assert (model["model"], model["revision"]) == ("stabilityai/stable-diffusion-xl-base-1.0", None)
    assert (part["part"], part["revision"], part["here"]) == ("ip_adapter", COMMIT, False)
    assert list(weights.lines(document))[-1] == "next: mvr models --pin"
    sold = "\n".join(weights.lines(weights.document(film(tmp_path / "b", "kontext").workspace.load())))
    assert "no film made with it may be sold" in sold


def test_a_model_that_is_here_tells_its_own_licence(tmp_path: Path) -> None:
    """Its card's word stands beside the table's where it is another; without a card, its licence file's first line; a
    card that forbids selling warns for a model that nobody knew."""
    folder = tmp_path / "model"
    folder.mkdir()
    studio = film(tmp_path, f"{{with: flux, model: {folder}}}")

    def told() -> str:
        document = weights.document(studio.workspace.load())
        jsonschema.validate(document, json.loads(resource("schemas/models.schema.json").read_text()))
        return "\n".join(weights.lines(document))

    assert "licence" not in told()
    (folder / "LICENSE.md").write_text("\n# Apache License\n\nVersion 2.0\n")
    assert "    licence: Apache License\n" in told() + "\n"
    (folder / "README.md").write_text("---\nlanguage: en\nlicense: cc-by-nc-4.0  # no\n---\nlicense: mit\n")
    assert "    licence: cc-by-nc-4.0; no film made with it may be sold" in told()
    (folder / "README.md").write_text('---\nlicense: other\nlicense_name: "flux-1-dev"\n---\n')
    assert "    licence: flux-1-dev\n" in told() + "\n"
    assert weights._licence("Apache-2.0", "apache-2.0") == "Apache-2.0"
    assert weights._licence("Apache-2.0", "mit") == "Apache-2.0; its card says mit"


def test_memory_is_told_at_the_projects_size(tmp_path: Path) -> None:
    """About what a model takes at the size that it draws this film at, all at once and at least; the longest clip of
    an animator. An estimator of depth is a model like any other."""
    studio = film(tmp_path, "sdxl")
    (row,) = weights.document(studio.workspace.load())["models"]
    assert row["memory"]["size"] == "832x1216"  # the film is upright
    assert row["memory"]["frames"] == 1
    assert 6.5 * (1 << 30) < row["memory"]["whole"] < 12 * (1 << 30)
    assert row["memory"]["least"] < row["memory"]["whole"]
    text = PROJECT + "make: {painter: sdxl, animator: {with: parallax, depth: somebody/depth}}\n"
    document = weights.document(Studio.start(tmp_path / "deep", text).workspace.load())
    jsonschema.validate(document, json.loads(resource("schemas/models.schema.json").read_text()))
    depth = document["models"][1]
    assert (depth["path"], depth["part"], depth["model"]) == ("make.animator", "depth", "somebody/depth")
    assert (depth["revision"], depth["memory"]) == (None, None)
    text = PROJECT + "make: {painter: sdxl, animator: wan}\n"
    lines = list(weights.lines(weights.document(Studio.start(tmp_path / "wan", text).workspace.load())))
    assert any(line.startswith("    memory at 704x1280, 121 frames: about ") for line in lines)


def test_a_project_that_is_sketched_needs_nothing(tmp_path: Path) -> None:
    """No models, and it says so."""
    assert list(weights.lines(weights.document(film(tmp_path, "sketch").workspace.load()))) == [
        "this project needs no models: its makers draw and write by rule"
    ]


def test_only_what_is_loaded_is_fetched() -> None:
    """Settings, tokenizers and safetensors of a pipeline's parts, the half-size ones where there are both; no pickle,
    no other form of the same weights; of a model with one set of weights its own folder alone."""
    assert weights.chosen(dict.fromkeys(FILES)) == LOADED
    chat = ["config.json", "model.safetensors", "tokenizer.json", "original/model.safetensors", "pytorch_model.bin"]
    assert weights.chosen(dict.fromkeys(chat)) == ["config.json", "model.safetensors", "tokenizer.json"]
    many = ["a/one.safetensors", "a/two.safetensors", "enc/config.json", "enc/model.safetensors", "enc/model.bin"]
    assert weights.chosen(dict.fromkeys(many), ("a/two.safetensors", "enc")) == [
        "a/two.safetensors", "enc/config.json", "enc/model.safetensors"
    ]  # fmt: skip


def test_a_maker_without_its_commit_or_weights_is_told_the_command(tmp_path: Path) -> None:
    """`check` ends with 3 and the exact command; so does a pull of what has no commit."""
    studio = film(tmp_path, "flux")
    ran = subprocess.run(
        [sys.executable, "-c", "from mvr.cli import main; main()", "check", str(studio.file)],
        capture_output=True, text=True, check=False, env={**os.environ, "HF_HOME": str(tmp_path)},
    )  # fmt: skip
    assert ran.returncode == 3
    assert "mvr models --pin" in ran.stderr or "not installed" in ran.stderr


# a hub that answers, and one that does not


@pytest.mark.models
def test_a_commit_is_looked_up_and_written_and_the_weights_fetched_and_checked(tmp_path: Path) -> None:
    """--pin writes the commit quoted, whether the maker was a word or a mapping, and every other byte stays; --pull
    fetches what is loaded and the card, nothing else, and a second one asks nobody."""
    need("huggingface_hub")
    with serving(Hub(MODEL, FILES)) as server:
        studio = film(tmp_path, f"{{with: flux, model: {MODEL}}}  # fast")
        before = studio.file.read_text()
        ran = mvr(studio, "--pin", "--pull", url=server.url)
        assert ran.returncode == 0, ran.stderr
        assert studio.file.read_text() == before.replace("tiny-flux}", f'tiny-flux, revision: "{COMMIT}"}}')
        got = sorted(one.split(f"/{COMMIT}/")[1] for one in server.asked if one.startswith("GET /somebody"))
        assert got == ["README.md", *LOADED]
        assert "here" in ran.stdout
        server.asked.clear()
        again = mvr(studio, "--pull", "--json", url=server.url)
        assert (again.returncode, server.asked) == (0, [])
        assert json.loads(again.stdout)["models"][0]["bytes"] == sum(len(FILES[name]) for name in LOADED)
    assert "revision" in studio.file.read_text()


@pytest.mark.models
def test_a_hub_that_misbehaves_costs_a_sentence_and_a_way_on(tmp_path: Path) -> None:
    """404, 500, offline and nobody there: exit 3, no traceback, the file untouched; cut off: the next pull goes on;
    other bytes than promised: they are taken away, and told."""
    need("huggingface_hub")
    studio = film(tmp_path, f'{{with: flux, model: {MODEL}, revision: "{COMMIT}"}}')
    with serving(Hub(MODEL, FILES, other=True)) as server:
        ran = mvr(studio, "--pull", url=server.url)
        assert (ran.returncode, "other bytes than the hub says" in ran.stderr) == (3, True), ran.stderr
        server.other, server.cut = False, 20000
        ran = mvr(studio, "--pull", url=server.url)
        if ran.returncode:  # a library that does not try again by itself leaves that to the next pull
            assert (ran.returncode, "goes on where this ended" in ran.stderr) == (3, True), ran.stderr
            ran = mvr(studio, "--pull", url=server.url)
        assert ran.returncode == 0, ran.stderr
    bare = film(tmp_path / "bare", "{with: flux, model: nobody/nothing}")
    text = bare.file.read_text()
    with serving(Hub(MODEL, FILES)) as server:
        missing = mvr(bare, "--pin", url=server.url)
        server.status = 500
        broken = mvr(bare, "--pin", url=server.url)
    for ran, word in (
        (missing, "no model named nobody/nothing"),
        (broken, "did not give"),
        (mvr(bare, "--pin", HF_HUB_OFFLINE="1"), "HF_HUB_OFFLINE"),
        (mvr(bare, "--pin"), "did not give"),
    ):
        assert (ran.returncode, word in ran.stderr, "Traceback" in ran.stderr) == (3, True, False), ran.stderr
    assert bare.file.read_text() == text


def test_a_machine_without_the_library_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 3, and the extra that brings it."""
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(MachineError, match="not installed") as caught:
        hub.look("a/b")
    assert "mvr[gpu]" in str(caught.value.hint)
