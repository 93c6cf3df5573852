"""The http writer, against a real server that misbehaves in every way."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mvr import project
from mvr.backends import backend, http
from mvr.checks import everything
from mvr.engine.job import Cancelled
from mvr.errors import MachineError, ProjectError, StageError
from mvr.project import form
from mvr.resources import resource
from tests.backends.endpoint import (
    Endpoint,
    cut_off,
    endpoint,
    huge,
    hung_up,
    says,
    slow,
    status,
    trickle,
)
from tests.backends.talker import film_ask, section_ask
from tests.desk import BenchDesk
from tests.studio import Studio, write_song
from tests.test_cli import mvr

KEY = "sk-do-not-tell-4711"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause between requests, no proxy, and a key."""
    monkeypatch.setattr(http, "PAUSE", 0.01)
    monkeypatch.setattr(http, "_plainer", {})
    monkeypatch.setenv("MVR_API_KEY", KEY)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def options(server: Endpoint, **more: Any) -> dict[str, Any]:
    defaults = {name: default for name, (_, default) in http.OPTIONS.items()}
    return defaults | {"url": server.url, "model": "m-1", "timeout": 2} | more


def written(server: Endpoint, desk: Any = None, **more: Any) -> Any:
    """A treatment by that endpoint, checked against its schema."""
    wanted = options(server, **more)
    document = http.treatment(film_ask(http.identity(wanted), http.how(wanted)), desk)
    jsonschema.validate(document, json.loads(resource("schemas/treatment.schema.json").read_text()))
    return document


# what it is, and what it says


def test_http_is_a_writer() -> None:
    """The register finds it, its defaults fit their own forms, and it lacks an address and a model until given."""
    assert backend("http") is http
    for name, (schema, default) in http.OPTIONS.items():
        if default not in ("", None):
            assert form.wrongs(default, schema, (name,)) == []
    assert "url" in str(http.lacks({name: default for name, (_, default) in http.OPTIONS.items()}))


def test_what_decides_the_words_is_in_the_identity_and_nothing_else() -> None:
    """Endpoint, model, settings and the template's bytes are; timeout, budget, and the key or its name are not."""
    with endpoint() as server:
        one = options(server)
        same = options(server, timeout=9, calls=3, key="OTHER_KEY")
        assert http.identity(one) == http.identity(same)
        assert http.how(same) == {"timeout": 9, "calls": 3, "key": "OTHER_KEY"}
        assert KEY not in json.dumps([http.identity(one), http.how(one)])
        for change in ({"model": "m-2"}, {"template": "lyric"}, {"temperature": 0.5}, {"max_tokens": 999}):
            assert http.identity(options(server, **change)) != http.identity(one)


def test_a_treatment_and_shots_are_written() -> None:
    """One request for a document: to the completions, with the key, the model, a form and a seed."""
    with endpoint() as server:
        wanted = options(server, temperature=0.3)
        identity, how = http.identity(wanted), http.how(wanted)
        document = http.treatment(film_ask(identity, how))
        written = http.section(section_ask(document, "verse-1", identity, how))
        jsonschema.validate(written, json.loads(resource("schemas/shots.schema.json").read_text()))
        (path, headers, body), (_, _, again) = server.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("m-1", 0.3, 8192)
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["seed"] != again["seed"]


def test_no_key_is_sent_where_none_is_asked_for() -> None:
    """`key: none` is for servers on this machine; the variable is not even read."""
    with endpoint() as server:
        written(server, key="none")
        assert "Authorization" not in server.asked[0][1]


def test_the_paper_s_script_is_plain_text() -> None:
    """A template that is answered by a script asks for no form."""
    with endpoint() as server:
        assert written(server, template="paper-clap")["sections"][0]["place"] == "bridge"
        assert "response_format" not in server.asked[0][2]


def test_an_endpoint_that_refuses_forms_is_asked_in_a_plainer_way() -> None:
    """A refused schema gives way to plain JSON, then to words alone; it is remembered for the next document."""

    def plain(handler: Any) -> None:
        handler.reply(400, b'{"error": {"message": "response_format is not supported"}}')

    with endpoint(plain, plain) as server:
        server.turns.append(says("not this"))
        with pytest.raises(StageError):
            server.turns.append(says("nor this"))
            written(server)
        formats = [body.get("response_format", {}).get("type") for _, _, body in server.asked]
        assert formats == ["json_schema", "json_object", None, None]


# what goes wrong


@pytest.mark.parametrize(
    "turns",
    [
        [status(500), status(502), status(503)],
        [status(429, retry_after="0")],
        [status(429, retry_after=formatdate(time.time() - 5, usegmt=True))],
        [status(529), hung_up],
        [cut_off],
        [status(200, b"<html>a proxy</html>")],
        [status(200, b'{"choices": []}')],
        [status(200, b'{"choices":[{"message":' * 20_000)],
        [status(200, b"\x1f\x8b not what it says", content_encoding="gzip")],
        [huge],
    ],
    ids=["500s", "429", "429 with a date", "hung up", "cut off", "html", "no choice", "deep", "gzip", "huge"],
)
def test_a_line_that_breaks_is_tried_again(turns: list[Any]) -> None:
    """What is busy, broken, endless or no completion at all is asked again, and then answers well."""
    with endpoint(*turns) as server:
        written(server)
        assert len(server.asked) == len(turns) + 1


def test_retry_after_is_waited_for() -> None:
    """An endpoint that asks for a second is left alone for a second."""
    with endpoint(status(429, retry_after="1")) as server:
        start = time.monotonic()
        written(server)
        assert 1.0 <= time.monotonic() - start < 5


def test_an_endpoint_that_asks_for_hours_is_given_up() -> None:
    """A Retry-After beyond two minutes ends the job at once, and says so."""
    with endpoint(status(429, retry_after="7200")) as server, pytest.raises(StageError, match="left alone for 7200 s"):
        written(server)


@pytest.mark.parametrize("turn", [slow(60), trickle], ids=["slow", "endless"])
def test_the_timeout_ends_a_request_whatever_trickles_in(turn: Any) -> None:
    """Silence and a stream without end are both cut at the timeout, then asked again."""
    with endpoint(turn) as server:
        start = time.monotonic()
        written(server, timeout=1)
        assert 1.0 <= time.monotonic() - start < 4


def test_an_endpoint_that_stays_down_is_an_error() -> None:
    """After five requests the error says how the last one ended."""
    with endpoint(*[status(500)] * 9) as server:
        with pytest.raises(StageError, match=r"did not answer in 5 requests; the last one: HTTP 500"):
            written(server)
        assert len(server.asked) == 5


def test_the_budget_of_requests_is_kept() -> None:
    """No document takes more requests than `calls`, whatever goes wrong."""
    with endpoint(*[status(500)] * 9) as server:
        with pytest.raises(StageError, match="3 requests were made for one document") as caught:
            written(server, calls=3)
        assert len(server.asked) == 3
        assert "make.writer.calls" in caught.value.hint


def test_nobody_listens() -> None:
    """A port that nobody listens on is a broken line, not a traceback."""
    with endpoint() as server:
        url = server.url
    wanted = options(server, url=url)
    with pytest.raises(StageError, match="ConnectError"):
        http.treatment(film_ask(http.identity(wanted), http.how(wanted)))


def test_a_wrong_schema_is_asked_again_once() -> None:
    """The second question holds the validator's words; a second wrong answer is an error that holds them too."""
    with endpoint(says('{"theme": "x"}')) as server:
        written(server)
        assert "'summary' is a required property" in server.asked[1][2]["messages"][2]["content"]
    with endpoint(says('{"theme": "x"}'), says(None)) as server, pytest.raises(StageError, match="asked 2 times"):
        written(server)


def test_an_answer_in_parts_is_joined_and_one_cut_short_says_so() -> None:
    """Content may be a list of parts; finish_reason `length` leads to the hint on max_tokens."""
    with endpoint(says([{"type": "text", "text": "<think>"}, {"type": "text", "text": "hm</think>{"}])) as server:
        written(server)
        assert server.asked[1][2]["messages"][1]["content"] == "{"
    cut = says('{"theme": ', finish_reason="length")
    with endpoint(cut, cut) as server, pytest.raises(StageError) as caught:
        written(server)
    assert "max_tokens" in caught.value.hint


def test_a_redirect_is_not_followed() -> None:
    """The key and the words go to nobody but the endpoint."""
    with endpoint() as other, endpoint(status(307, location=f"{other.url}/chat/completions")) as server:
        with pytest.raises(StageError, match="sends elsewhere"):
            written(server)
        assert other.asked == []


@pytest.mark.parametrize("code", [400, 401, 403, 404, 418])
def test_what_is_refused_is_told_without_the_key(code: int) -> None:
    """The endpoint's own words are shown, cleaned and bounded; a key that it says back is not."""
    body = json.dumps({"error": {"message": f"Incorrect key {KEY}\u001b[31m <b>no</b> " + "x" * 5000}}).encode()
    with endpoint(*[status(code, body)] * 3) as server, pytest.raises(StageError) as caught:
        written(server)
    said = str(caught.value)
    assert "Incorrect key …" in said
    assert KEY not in said
    assert "\x1b" not in said
    assert len(said) < 600


def test_a_job_that_nobody_wants_ends_at_once(tmp_path: Path) -> None:
    """A request under way is given up when its job is cancelled."""
    desk = BenchDesk(tmp_path)
    desk.stop = True
    with endpoint(slow(60)) as server:
        start = time.monotonic()
        with pytest.raises(Cancelled):
            written(server, desk)
        assert time.monotonic() - start < 2


@pytest.mark.parametrize("bad", ["", "two words", "line\nbreak", "schlüssel"])
def test_a_key_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    """An empty variable, or one that holds something else than a key, is what the machine lacks: exit code 3."""
    monkeypatch.setenv("MVR_API_KEY", bad)
    with endpoint() as server, pytest.raises(MachineError, match=r"http|MVR_API_KEY") as caught:
        written(server)
    assert caught.value.exit_code == 3
    assert bad == "" or bad not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://api.example.com/v1", True),
        ("http://127.0.0.1:8080/v1", True),
        ("http://localhost:8080/v1", True),
        ("http://192.168.1.7/v1", True),
        ("http://[::1]:80/v1", True),
        ("http://api.example.com/v1", False),
        ("http://8.8.8.8/v1", False),
    ],
)
def test_a_key_goes_over_https_or_stays_near(url: str, fine: bool) -> None:
    """In the clear it is sent to this machine and private addresses alone."""
    defaults = {name: default for name, (_, default) in http.OPTIONS.items()}
    assert (http.lacks(defaults | {"url": url, "model": "m"}) is None) == fine
    assert http.lacks(defaults | {"url": url, "model": "m", "key": "none"}) is None


def test_an_address_may_hold_no_password() -> None:
    """The project file is in git: a user, a password or a query in `url` is refused."""
    schema = http.OPTIONS["url"][0]
    for bad in ("https://me:secret@host/v1", "https://host/v1?key=1", "ftp://host", "host/v1", ""):
        assert form.wrongs(bad, schema, ("url",))
    assert not form.wrongs("https://host/v1", schema, ("url",))


# in a project


SMALL = "song: song.wav\nconcept: a walk home\nmake:\n  writer: {with: http"


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("}", "url: https://"),
        (", url: 'https://host/v1'}", "model: NAME"),
        (", url: 'https://host/v1', model: m, key: NO_SUCH_KEY}", "NO_SUCH_KEY is not set"),
        (", url: 'http://host.example/v1', model: m}", "https only"),
    ],
)
def test_check_names_what_is_missing_with_its_line(tmp_path: Path, rest: str, said: str) -> None:
    """A writer without address, model or key is exit code 3 at `check`, at the line that names it."""
    write_song(tmp_path / "song.wav", 2)
    (tmp_path / "project.yaml").write_text(SMALL + rest + "\n")
    with pytest.raises(ProjectError) as caught:
        everything(project.load(tmp_path / "project.yaml"))
    (fault,) = caught.value.faults
    assert (fault.line, fault.path, fault.code, caught.value.exit_code) == (4, "make.writer", 3, 3)
    assert said in fault.hint


def test_wrong_options_are_named(tmp_path: Path) -> None:
    """An option of another name, kind or template is exit code 2, with its line."""
    write_song(tmp_path / "song.wav", 2)
    rest = ", url: 'https://a:b@host', model: m, templat: story, temperature: hot, template: opera}"
    (tmp_path / "project.yaml").write_text(SMALL + rest + "\n")
    with pytest.raises(ProjectError) as caught:
        project.load(tmp_path / "project.yaml")
    assert sorted(fault.path for fault in caught.value.faults) == [
        "make.writer.temperature",
        "make.writer.templat",
        "make.writer.template",
        "make.writer.url",
    ]


def test_a_film_is_written_by_an_endpoint_and_never_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the net lane, one request a document; a changed timeout asks for nothing, a changed model for all of it; and
    the key is nowhere in what is kept."""
    with endpoint() as server:
        studio = Studio.start(tmp_path / "tiny")
        writer = f"make:\n  writer: {{with: http, url: '{server.url}', model: m-1, timeout: 20}}\n"
        studio.edit("output:", writer + "output:")
        assert studio.workspace.plan()["requests"] == 12  # the treatment; sections show once the cut is made
        made = studio.render()
        assert studio.workspace.plan()["requests"] == 0
        assert {"treatment", "verse-1/shots", "chorus-1/shots"} <= made
        assert len(server.asked) == 3
        studio.edit("timeout: 20", "timeout: 30")
        monkeypatch.delenv("MVR_API_KEY")
        assert studio.render() == set()
        assert len(server.asked) == 3
        monkeypatch.setenv("MVR_API_KEY", KEY)
        studio.edit("model: m-1", "model: m-2")
        assert studio.workspace.plan()["requests"] == 3 * 12
        assert "at most 36 requests of the writer" in mvr("plan", cwd=studio.folder).stdout
        assert {"treatment"} <= studio.render()
        kept = [path for path in (tmp_path / "tiny").rglob("*") if path.is_file()]
        assert not [path for path in kept if KEY.encode() in path.read_bytes()]


def test_a_writer_brings_its_lane_and_its_exactness(tmp_path: Path) -> None:
    """What a model says is not the same anywhere: its bytes are kept as long as anything made of them."""
    studio = Studio.start(tmp_path / "tiny")

    def node() -> Any:
        with studio.workspace.opened() as bench:
            return bench.graph().nodes["treatment"]

    assert (node().lane, node().exact, node().how) == ("cpu", True, {})
    studio.edit("output:", "make:\n  writer: {with: http, url: 'https://host/v1', model: m-1}\noutput:")
    assert (node().lane, node().exact) == ("net", False)
    assert node().how == {"timeout": 120, "calls": 12, "key": "MVR_API_KEY"}


def test_httpx_arrives_late() -> None:
    """Neither listing the backends nor wiring a film loads httpx or jinja2."""
    code = "import sys; from mvr.backends import backend, names; [backend(n) for n in names()]; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"httpx", "jinja2", "jsonschema", "torch", "transformers", "llguidance", "numpy"} & set(loaded)
