"""The `transformers` writer: a chat model on this machine, held to the form of the answer by a grammar.

Weights are safetensors alone, code that comes with a model is never run, and nothing is fetched: what is not here is
told of by `mvr check`. The library of the same name arrives inside functions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mvr.backends import _weights, _writing
from mvr.backends._writing import films, forms, prompts
from mvr.backends._writing.asking import Answer, Message
from mvr.engine.job import Desk
from mvr.errors import MachineError, StageError

NAME = "transformers"
VERSION = 1
SUMMARY = "a chat model on this machine writes treatment and shots, held to their form by a grammar"
WRITER_LANE = "gpu"
WRITER_EXACT = False

OPTIONS: dict[str, tuple[Any, Any]] = {
    "model": (
        {"type": "string", "minLength": 1, "description": "The model's name on the hub, or its folder from the root."},
        "",
    ),
    "revision": (
        {
            "type": "string",
            "format": "mvr-commit",
            "pattern": "^[0-9a-f]{40}$",
            "title": "a commit of 40 hex digits, in quotes",
            "description": "The model's commit on the hub; a folder has none.",
        },
        "",
    ),
    "template": (
        {"type": "string", "enum": list(prompts.names()), "description": "The prompt: what kind of film is asked for."},
        "story",
    ),
    "temperature": (
        {"type": "number", "minimum": 0, "maximum": 2, "description": "How freely it chooses; 0 takes the likeliest."},
        0.7,
    ),
    "max_tokens": (
        {"type": "integer", "minimum": 64, "maximum": 131072, "description": "The longest answer, in tokens."},
        8192,
    ),
    "thought": (
        {
            "type": "integer",
            "minimum": 0,
            "maximum": 131072,
            "description": "How many tokens a reasoning model may think before it answers; 0 for other models.",
        },
        0,
    ),
    "dtype": (
        {"type": "string", "enum": ["auto", "bfloat16", "float16", "float32"], "description": "What it calculates in."},
        "auto",
    ),
}

LIBRARIES = ("torch", "transformers", "llguidance", "safetensors")
THOUGHT_ENDS = "</think>"
TELL_EVERY = 16
"""After so many tokens a job says how far it is, and hears that nobody wants it any more."""


def identity(options: Mapping[str, Any]) -> Any:
    """What decides its words beside the recipe: weights, settings, and the template by its bytes."""
    said = {name: options[name] for name in ("template", "temperature", "max_tokens", "thought", "dtype")}
    weights = _weights.identity(options["model"], options["revision"])
    return {
        "version": VERSION,
        "writing": _writing.VERSION,
        "weights": weights,
        "prompt": prompts.digest(options["template"]),
        **said,
    }


def how(options: Mapping[str, Any]) -> Any:
    """Where the weights are named: a folder may move and hold the same."""
    return {"model": options["model"], "revision": options["revision"]}


def resident(options: Mapping[str, Any]) -> str:
    """What its model is called in a worker's memory."""
    return _called(_weights.identity(options["model"], options["revision"]), options["dtype"])


def rests_on(options: Mapping[str, Any]) -> Sequence[Path]:
    """The weights, where they lie in a folder of the user."""
    return _weights.rests_on(options["model"])


def _called(weights: Any, dtype: str) -> str:
    return f"transformers {json.dumps(weights, sort_keys=True)} {dtype}"


def lacks(options: Mapping[str, Any]) -> str | None:
    """The libraries, or the weights."""
    absent = [name for name in LIBRARIES if find_spec(name) is None]
    if absent:
        return f"{', '.join(absent)} {'is' if len(absent) == 1 else 'are'} not installed: pip install 'mvr[gpu]'"
    return _weights.lacks(options["model"], options["revision"])


def treatment(ask: Any, desk: Desk | None = None) -> Any:
    """The treatment of a film. ask: the recipe of stages/treatment, form, lines and how. Raises StageError, and
    MachineError where weights or libraries are missing."""
    return films.treatment(ask, _Chat(ask, desk), ask["writer"]["identity"]["template"])


def section(ask: Any, desk: Desk | None = None) -> Any:
    """The shots of one section. ask: the recipe of stages/shots, brief, cuts and how. Raises as treatment does."""
    return films.section(ask, _Chat(ask, desk), ask["writer"]["identity"]["template"])


class _Chat:
    """One document's talk with the model."""

    def __init__(self, ask: Any, desk: Desk | None) -> None:
        self.said, self.desk = ask["writer"]["identity"], desk
        model, revision = ask["how"]["model"], ask["how"]["revision"]
        missing = lacks({"model": model, "revision": revision})
        if missing:
            raise MachineError("the writer transformers cannot work here", missing)

        def load() -> _Model:
            return _Model(model, revision, self.said["dtype"])

        name = _called(self.said["weights"], self.said["dtype"])
        self.model = desk.resident(name, load) if desk is not None else load()

    def __call__(self, messages: Sequence[Message], schema: Any, seed: int) -> Answer:
        """Says messages and gives the answer: thought first where it may think, then the answer in its form."""
        prompt = self.model.prompt(messages, thinks=self.said["thought"] > 0)
        if self.said["thought"]:
            thought, _ = self._generated(prompt, None, seed, self.said["thought"], stop=THOUGHT_ENDS)
            prompt += thought if thought.endswith(THOUGHT_ENDS) else f"{thought}\n{THOUGHT_ENDS}"
            prompt += "\n\n"
        return Answer(*self._generated(prompt, schema, seed, self.said["max_tokens"]))

    def _generated(self, prompt: str, schema: Any, seed: int, most: int, stop: str = "") -> tuple[str, bool]:
        """The text that follows a prompt, and whether it was cut at `most` tokens."""
        import torch
        from transformers import LogitsProcessorList, StoppingCriteriaList

        model, tokenizer = self.model.model, self.model.tokenizer
        inputs = tokenizer(prompt, return_tensors="pt", add_special_tokens=False).to(model.device)
        start = inputs["input_ids"].shape[1]
        room = _window(model.config) - start
        if room < 64:
            raise StageError(
                f"the prompt has {start:,} tokens, which leaves the model no room to answer",
                "choose a model with a longer context, or fewer words in the concept and the lyrics",
            )
        held = [] if schema is None else [_Held(self.model.grammar(schema), start)]
        heard = _Heard(self.desk, start, min(most, room), tokenizer, stop)
        chance = {"do_sample": True, "temperature": float(self.said["temperature"]), "top_k": 0, "top_p": 0.95}
        devices = [model.device] if model.device.type == "cuda" else []
        with torch.random.fork_rng(devices), torch.inference_mode():
            torch.manual_seed(seed)
            out = model.generate(
                **inputs,
                **(chance if self.said["temperature"] else {"do_sample": False}),
                max_new_tokens=min(most, room),
                pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id,
                logits_processor=LogitsProcessorList(held),
                stopping_criteria=StoppingCriteriaList([heard]),
            )[0][start:]
        text = tokenizer.decode(out, skip_special_tokens=True)
        return text, len(out) >= min(most, room) and int(out[-1]) not in self.model.ends


class _Model:
    """A model with its tokenizer, in memory."""

    def __init__(self, model: str, revision: str, dtype: str) -> None:
        import torch
        from llguidance.hf import from_tokenizer
        from transformers import AutoModelForCausalLM, AutoTokenizer

        folder = _weights.here(model, revision)
        fixed = {"local_files_only": True, "trust_remote_code": False}
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(folder, **fixed)
            self.model = AutoModelForCausalLM.from_pretrained(
                folder, dtype=dtype if dtype == "auto" else getattr(torch, dtype), use_safetensors=True, **fixed
            )
        except (OSError, ValueError, ImportError, RuntimeError, KeyError) as error:
            said = " ".join(str(error).split())[:300]
            raise StageError(f"{model} cannot be loaded: {said}", "choose another model, or fetch it again") from None
        self.model.eval().to("cuda" if torch.cuda.is_available() else "cpu")
        own = self.model.generation_config.eos_token_id
        listed = own if isinstance(own, list) else [own]
        self.ends = {int(one) for one in (*listed, self.tokenizer.eos_token_id) if one is not None}
        self._grammars = from_tokenizer(
            self.tokenizer,
            n_vocab=self.model.get_output_embeddings().weight.shape[0],
            eos_token=sorted(self.ends),
            slices=list(forms.SLICES),
        )

    def prompt(self, messages: Sequence[Message], thinks: bool) -> str:
        """Messages as the model was taught to read them; plainly where it was taught none."""
        if self.tokenizer.chat_template:
            said = self.tokenizer.apply_chat_template(
                [dict(message) for message in messages],
                tokenize=False,
                add_generation_prompt=True,
                enable_thinking=thinks,
            )
            return str(said)
        names = {"user": "User", "assistant": "Assistant"}
        return "".join(f"{names[one['role']]}: {one['content']}\n\n" for one in messages) + "Assistant: "

    def grammar(self, schema: Any) -> Any:
        """What knows, after each token, which may follow in a text of that form. Raises StageError."""
        from llguidance import LLMatcher

        form = {**forms.bounded(schema), "x-guidance": {"whitespace_flexible": False}}
        matcher = LLMatcher(self._grammars, LLMatcher.grammar_from_json_schema(form))
        if matcher.is_error():
            raise StageError(f"no grammar can be made of the answer's form: {matcher.get_error()[:300]}")
        return matcher


class _Held:
    """Leaves a model only the tokens that the grammar allows: a processor of its scores."""

    def __init__(self, matcher: Any, start: int) -> None:
        self.matcher, self.read = matcher, start

    def __call__(self, ids: Any, scores: Any) -> Any:
        import torch

        for token in ids[0, self.read :].tolist():
            self.matcher.consume_token(token)
        self.read = ids.shape[1]
        if self.matcher.is_error():
            raise StageError(f"the grammar lost its way: {self.matcher.get_error()[:300]}", "render again")
        allowed = torch.frombuffer(bytearray(self.matcher.compute_logit_bias()), dtype=torch.uint8)
        scores[:, allowed.to(scores.device) == 0] = float("-inf")
        return scores


class _Heard:
    """Tells of progress, ends a job that nobody wants, and stops at a word: a criterion of the library."""

    def __init__(self, desk: Desk | None, start: int, most: int, tokenizer: Any, stop: str) -> None:
        self.desk, self.start, self.most, self.tokenizer, self.stop = desk, start, most, tokenizer, stop

    def __call__(self, ids: Any, scores: Any, **more: Any) -> Any:
        import torch

        count = ids.shape[1] - self.start
        if self.desk is not None and count % TELL_EVERY == 0:
            self.desk.progress(min(0.99, count / self.most))
        done = bool(self.stop) and self.stop in self.tokenizer.decode(ids[0, max(self.start, ids.shape[1] - 8) :])
        return torch.full((ids.shape[0],), done, dtype=torch.bool, device=ids.device)


def _window(config: Any) -> int:
    """How many tokens a model can hold, prompt and answer together."""
    text = getattr(config, "text_config", config)
    return int(getattr(text, "max_position_embeddings", 0) or 1 << 20)
