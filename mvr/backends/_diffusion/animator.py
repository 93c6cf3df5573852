"""What every animator of diffusers does: a family's own file says how it differs.

A family is a subclass with its numbers in a table of models, bound to the names that a backend has by its module. What
the stage's recipe and `identity` say, with the still, is all that decides a clip: a fresh generator on the processor
for each piece, prompts encoded one by one, one clip at a time.
"""

from __future__ import annotations

import gc
import hashlib
import json
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from mvr.backends import _diffusion, _weights
from mvr.backends._diffusion import clips, loading, options, pictures, rungs, sizes, turns, words
from mvr.backends._diffusion.family import Family, later
from mvr.backends._diffusion.painter import Known
from mvr.backends._diffusion.steps import Steps
from mvr.backends._lattice import Timing
from mvr.engine.job import Desk, Made
from mvr.errors import MachineError, StageError

Ask = Mapping[str, Any]
Progress = Callable[[float], None]

HELD = 14
"""Times the numbers of all tokens that a block holds at once: its input and norm, q, k, v, their result, the MLP's four
times as many, and what is made of those."""

COMPILE_SHOTS = 8
"""From so many shots on, the transformer's blocks are compiled: once for all lengths, in a minute or two."""


@dataclass(frozen=True)
class Mover(Known):
    """What is known of an animator's model beside what is known of any. still: the pipeline of diffusers that moves a
    still, words: the one that needs none; empty where it cannot. natives: the sizes that it was taught. gib is by the
    count of a model's numbers, at two bytes each."""

    still: str = ""
    words: str = ""
    timing: Timing = field(default=Timing(1, 0, 1, (Fraction(24),)))
    natives: Sequence[sizes.Size] = ()


@dataclass
class Loaded:
    """A pipeline in a worker's memory, on a rung."""

    pipe: Any
    rung: str
    compiled: bool = False
    fresh: bool = True  # no clip was made with it yet


@dataclass(frozen=True)
class Shot:
    """One piece of a clip, as a family's pipeline is asked for it. still: as PIL has it, or None."""

    prompt: Any
    still: Any
    frames: int
    size: sizes.Size
    fps: Fraction
    said: Mapping[str, Any]


class Animator(Family):
    """One family of animators. Sizes in pixels."""

    MODELS: Mapping[str, Mover]  # by hub id; the first is the default
    NEGATIVE: ClassVar[bool] = True
    ALSO: ClassVar[tuple[str, ...]] = ()  # what further folders of such models call their pipeline: its parts are these
    EXTRA: Mapping[str, options.Option] = {}  # options of its own, each of which decides what is seen
    TOKEN: ClassVar[tuple[int, int]] = (4, 16)  # frames and pixels a side that are one token, the first frame aside
    WIDTH: ClassVar[int] = 3072  # numbers a token, while it is denoised
    DECODED: ClassVar[int] = 300  # bytes a pixel of a frame that the VAE takes while it decodes
    AT_ONCE: ClassVar[int] = 1 << 30  # frames that it decodes at once; less where it goes frame by frame

    # what is asked before anything is loaded

    @property
    def options(self) -> dict[str, options.Option]:
        """What may stand beside `with:`."""
        return {
            "model": options.model(next(iter(self.MODELS))),
            "revision": options.revision(),
            "steps": options.steps(),
            "guidance": options.guidance(),
            "size": options.size(),
            "dtype": options.dtype(self.DTYPE),
            "allow": options.allow(),
            **self.EXTRA,
        }

    def known(self, given: Mapping[str, Any]) -> Mover:
        """What is known of the chosen model. One that is not in the table is taken as the one that it is like, as far
        as its folder tells, else as the family's first."""
        if given["model"] in self.MODELS:
            return self.MODELS[given["model"]]
        like = self.like(self._said(given, ""))
        known = self.MODELS[like] if like else next(iter(self.MODELS.values()))
        return replace(known, timing=self.taught(given, known))

    def like(self, index: Mapping[str, Any]) -> str:
        """Of the models in the table, the one that another is like by its index; empty where none is."""
        name = index.get("_class_name")
        return next((one for one, known in self.MODELS.items() if name and name in (known.still, known.words)), "")

    def taught(self, given: Mapping[str, Any], known: Mover) -> Timing:
        """The lengths of a model that is not in the table."""
        return known.timing

    def _said(self, given: Mapping[str, Any], part: str) -> Mapping[str, Any]:
        """What the configuration of a part of a model says, where it is here; of the model itself without a part."""
        name = Path(part) / "config.json" if part else Path(loading.INDEX)
        try:
            found = json.loads((_weights.here(given["model"], given["revision"]) / name).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def identity(self, given: Mapping[str, Any]) -> Any:
        """All that decides its clips beside the recipe and the still."""
        known = self.known(given)
        return {
            "version": [_diffusion.VERSION, self.VERSION],
            "pipelines": [known.still, known.words],
            "weights": _weights.identity(given["model"], given["revision"]),
            "dtype": given["dtype"],
            "steps": known.steps if given["steps"] is None else given["steps"],
            "guidance": known.guidance if given["guidance"] is None else given["guidance"],
            "allow": [rung for rung in rungs.LOSSY if rung in given["allow"]],
            **{name: given[name] for name in self.EXTRA},
        }

    def lacks(self, given: Mapping[str, Any]) -> str | None:
        """The libraries, the commit, or the weights."""
        return loading.lacks(given["model"], given["revision"], self._loads(given))

    def canvas(self, given: Mapping[str, Any], width: int, height: int) -> sizes.Size:
        """The size it works at for a film of width x height."""
        if given["size"] is not None:
            return options.sized(given["size"])
        return sizes.nearest(self.known(given).natives, width, height)

    def timing(self, given: Mapping[str, Any]) -> Timing:
        """What lengths it makes."""
        return self.known(given).timing

    def wordless(self, given: Mapping[str, Any]) -> tuple[bool, bool]:
        """Whether it can do with a still, and whether it can do without."""
        known = self.known(given)
        return bool(known.still), bool(known.words)

    def _loads(self, given: Mapping[str, Any]) -> tuple[str, ...]:
        """The pipelines whose folders it can be loaded from: those of every model of the family."""
        found = (name for known in self.MODELS.values() for name in (known.still, known.words) if name)
        return tuple(dict.fromkeys((*found, *self.ALSO)))

    # animating

    def animate(
        self,
        ask: Ask,
        still: Path | None,
        sound: Path | None,
        out: Path,
        progress: Progress,
        layers: Path | None = None,
        desk: Desk | None = None,
    ) -> Made:
        """The clip of a shot. ask: the recipe of stages/clip and how. Raises StageError, MachineError, Cancelled.

        Where the device's memory is not enough, the next rung is gone down to, and the clip is begun again.
        """
        said, how = ask["animator"]["identity"], ask["how"]
        missing = loading.absent() or _weights.lacks(how["model"], how["revision"], index=loading.INDEX)
        if missing:
            raise MachineError(f"the animator {self.NAME} cannot work here", missing)
        name = said["pipelines"][0 if still is not None else 1]
        if not name:
            raise StageError(*self._unfit(how["model"], still))
        device = loading.device()
        ladder = rungs.ladder(said["allow"])
        load = self.load_of(ask)
        with turns.turn(device, desk):
            start = max(rungs.first(load, ladder, self._free(device)), self._floor(said))
            for at, rung in enumerate(ladder[start:], start):
                made = self._on_rung(rung, name, ask, still, out, desk, device)
                if made is not None:
                    _floors[self._called(said)] = at if at > start else self._floor(said)
                    return Made(made.parts, {**made.provenance, "rung": rung, "estimated_bytes": load.peak(rung)})
        tried = ladder[start:]
        raise StageError(*self._too_large(ask, tried))

    def _floor(self, said: Mapping[str, Any]) -> int:
        """The rung that this worker was driven down to with these weights: none above it is tried again."""
        return _floors.get(self._called(said), 0)

    def _free(self, device: str) -> int:
        """Bytes that are free on the device, those among them that this worker's own weights take."""
        if device == "cpu":
            return rungs.free(device)
        import torch

        return rungs.free(device) + int(torch.cuda.memory_allocated())

    def _on_rung(
        self, rung: str, name: str, ask: Ask, still: Path | None, out: Path, desk: Desk | None, device: str
    ) -> Made | None:
        """The clip, or None where the device has not enough memory for it on this rung."""
        try:
            return self._made(rung, name, ask, still, out, desk, device)
        except Exception as error:
            if not rungs.is_out_of_memory(error):
                raise
            error.__traceback__ = None  # it holds every tensor that was being worked on
        if desk is not None:
            desk.resident("nothing", lambda: None)
        gc.collect()
        rungs.sweep()
        return None

    def _made(
        self, rung: str, name: str, ask: Ask, still: Path | None, out: Path, desk: Desk | None, device: str
    ) -> Made:
        said, seed, fps = ask["animator"]["identity"], ask["seed"], Fraction(ask["fps"])
        start = time.monotonic()
        loaded = self._loaded(rung, name, ask, desk, device)
        if loaded.fresh:
            told_of = {"load_seconds": round(time.monotonic() - start, 2)}
            loaded.fresh = False
        else:
            told_of = {}
        pipe = loaded.pipe
        frames = ask["frames"] if isinstance(ask["frames"], list) else [ask["frames"]]
        chained = ask.get("pieces") == "chain"
        picture = pictures.fitted(pictures.read(still), tuple(ask["size"])) if still is not None else None
        if desk is not None and hasattr(pipe, "encode_prompt"):
            coming = ({**one.recipe, "how": one.how} for one in desk.ahead())
            words.ahead((partial(self._encoded, pipe, one) for one in coming), desk)
        prompt = self._words(pipe, ask)
        buckets = [self.timing_of(ask).bucket(count) for count in frames]
        told = Steps(desk, said["steps"] * len(frames), lambda latents: self._shown(pipe, latents, ask, max(buckets)))
        drawn = []
        try:
            for number, (count, bucket) in enumerate(zip(frames, buckets, strict=True)):
                shot = Shot(prompt, picture, bucket, tuple(ask["size"]), fps, said)
                heard = _after(told, number * said["steps"])
                piece = self.move(
                    pipe,
                    shot,
                    num_inference_steps=said["steps"],
                    generator=loading.generator((seed + number) % (1 << 31)),
                    output_type="np",
                    callback_on_step_end=heard,
                )[0]
                drawn.append(piece[(1 if chained and number else 0) : count])
                if chained:
                    picture = pictures.of_values(piece[-1])
        finally:
            pipe.maybe_free_model_hooks()
        import numpy as np

        clip, values = out / "clip.mp4", np.concatenate(drawn)
        later(desk, lambda: clips.write(clip, values, fps))
        named = {name: ask["how"][name] for name in ("model", "revision")}
        known = {"family": self.NAME, **named, "weights": _weights.digests(**named), "compiled": loaded.compiled}
        return Made({"": clip}, {**loading.provenance(pipe), **known, **told_of})

    def _loaded(self, rung: str, name: str, ask: Ask, desk: Desk | None, device: str) -> Loaded:
        said, how = ask["animator"]["identity"], ask["how"]
        compiles = device != "cpu" and rung == "resident" and how.get("shots", 0) >= COMPILE_SHOTS

        def load() -> Loaded:
            rungs.sweep()
            parts = {"quantization_config": loading.nf4()} if rung == "nf4" else {}
            pipe = loading.pipeline(name, how["model"], how["revision"], said["dtype"], **parts)
            rungs.place(pipe, rung, device)
            if compiles:
                self.denoiser(pipe).compile_repeated_blocks(fullgraph=True, dynamic=True)
            return Loaded(pipe, rung, compiles)

        called = self._called(said)
        if name != (said["pipelines"][0] or name) or rung != "resident":
            called = f"{called} {name} {rung}"
        return desk.resident(called, load) if desk is not None else load()

    def _called(self, said: Mapping[str, Any]) -> str:
        known = hashlib.sha256(json.dumps(said["weights"], sort_keys=True).encode()).hexdigest()[:16]
        return f"{self.NAME} {known} {said['dtype']}"

    def _words(self, pipe: Any, ask: Ask) -> Any:
        """What the text encoders made of the prompt, on the device; nothing for a model that reads no words."""
        return words.moved(self._encoded(pipe, ask), pipe._execution_device) if hasattr(pipe, "encode_prompt") else None

    def _encoded(self, pipe: Any, ask: Ask) -> Any:
        """The same, and of what is to be avoided, in the processor's memory; kept where they did before."""
        avoid = ", ".join(ask.get("avoid", ()))
        prompt = ". ".join(part.strip().rstrip(".") for part in (ask["prompt"], ask["motion"]) if part.strip())
        guided = ask["animator"]["identity"]["guidance"] > 1
        encoder = f"{self._called(ask['animator']['identity'])} {guided} {avoid}"
        return words.encoded(encoder, prompt, lambda: self.encode(pipe, prompt, avoid, guided))

    def _shown(self, pipe: Any, latents: Any, ask: Ask, frames: int) -> Any:
        """The middle of the clip as far as it shows, (height, width, 3) from 0 to 1; None where it cannot be seen.

        None too where the VAE waits elsewhere: to fetch it would push out what denoises.
        """
        import torch

        if next(pipe.vae.parameters()).device != latents.device or hasattr(pipe.vae, "_hf_hook"):
            return None
        with torch.no_grad():
            plain = self.plain(pipe, latents, frames, tuple(ask["size"]))
            if plain is None:
                return None
            values = self.decode_one(pipe, plain.to(pipe.vae.dtype))
        return (values / 2 + 0.5).clamp(0, 1).permute(1, 2, 0).float().cpu().numpy()

    # memory

    def load_of(self, ask: Ask) -> rungs.Load:
        """What a clip takes."""
        frames = max(ask["frames"]) if isinstance(ask["frames"], list) else ask["frames"]
        return self.load_at(ask["how"], ask["animator"]["identity"]["dtype"], tuple(ask["size"]), frames, 1)

    @property
    def models(self) -> Mapping[str, Mover]:
        return self.MODELS

    def extent(self, given: Mapping[str, Any], width: int, height: int) -> tuple[sizes.Size, int, int]:
        """The longest clip that it makes in one piece."""
        return self.canvas(given, width, height), self.timing(given).most, 1

    def taken(self, each: int, size: sizes.Size, frames: int, pictures: int) -> tuple[int, int]:
        width, height = size
        tokens = ((frames - 1) // self.TOKEN[0] + 1) * (width // self.TOKEN[1]) * (height // self.TOKEN[1])
        return tokens * self.WIDTH * each * HELD, min(frames, self.AT_ONCE) * width * height * self.DECODED

    def _too_large(self, ask: Ask, tried: Sequence[str]) -> tuple[str, str]:
        """What does not fit, and the line that would let it."""
        width, height = ask["size"]
        frames = ask["frames"]
        what = f"{self.NAME} at {width}x{height}, {frames} frames, does not fit into this device's memory"
        left = [rung for rung in rungs.LOSSY if rung not in ask["animator"]["identity"]["allow"]]
        smaller = sizes.of_area(width * height // 2, self.MULTIPLE, width, height)
        less = f"`size: {smaller[0]}x{smaller[1]}`"
        mend = (
            f"write `allow: [{', '.join((*ask['animator']['identity']['allow'], left[0]))}]` or {less}"
            if left
            else less
        )
        return f"{what} (tried: {', '.join(tried)})", f"under make.animator, {mend if left else 'write ' + less}"

    def _unfit(self, model: str, still: Path | None) -> tuple[str, str]:
        if still is None:
            return f"{model} moves a still, and there is none", "name a painter in make.painter"
        return f"{model} makes its clips from words, and takes no still", "write `painter: none` under make"

    # what a family says

    def timing_of(self, ask: Ask) -> Timing:
        """The lattice of the model that a job names."""
        return self.timing({**{name: default for name, (_, default) in self.options.items()}, **ask["how"]})

    def encode(self, pipe: Any, prompt: str, avoid: str, guided: bool) -> Any:
        """What the pipeline is told of a prompt: arguments by name, tensors."""
        drawn, avoided = pipe.encode_prompt(prompt, avoid or None, do_classifier_free_guidance=guided)[:2]
        return {"prompt_embeds": drawn, **({"negative_prompt_embeds": avoided} if guided else {})}

    @abstractmethod
    def move(self, pipe: Any, shot: Shot, **more: Any) -> Any:
        """The frames of a piece, (1, count, height, width, 3) from 0 to 1. more: what every pipeline takes."""

    def plain(self, pipe: Any, latents: Any, frames: int, size: sizes.Size) -> Any:
        """Latents of the clip's middle as the VAE decodes them, (1, channels, 1, height, width); or None."""
        return None

    def decode_one(self, pipe: Any, plain: Any) -> Any:
        """One frame, (3, height, width) from -1 to 1."""
        return pipe.vae.decode(plain, return_dict=False)[0][0, :, 0]

    def denoiser(self, pipe: Any) -> Any:
        """The part that denoises."""
        return pipe.transformer


_floors: dict[str, int] = {}
"""How far down this worker was driven with some weights, by what they are called."""


def _after(told: Steps, before: int) -> Callable[..., Any]:
    def heard(pipe: Any, step: int, timestep: Any, tensors: Any) -> Any:
        return told(pipe, before + step, timestep, tensors)

    return heard
