"""What every painter of diffusers does: a family's own file says how it differs.

A family is a subclass with its numbers as class attributes, bound to the names that a backend has by its module. What
the stage's recipe and `identity` say is all that decides a picture: a fresh generator on the processor, prompts encoded
one by one, one picture at a time.
"""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from mvr.backends import _diffusion, _weights
from mvr.backends._diffusion import adapters, guides, loading, options, pictures, rungs, sizes, turns, words
from mvr.backends._diffusion.family import Family, later
from mvr.backends._diffusion.steps import Steps
from mvr.engine.job import Desk, Made
from mvr.errors import MachineError, StageError

Ask = Mapping[str, Any]

WIDTH, KEPT = 3072, 14
"""Numbers a token in the widest of these models, and how many such rows a block holds at once: hidden, its norm, query,
key, value, attention's result, and the two halves of its MLP."""

DECODED = 1024
"""Numbers a pixel that the last stage of a VAE holds: four maps of 256 channels."""
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Known:
    """What is known of a model: how it is drawn with, what it weighs and what its licence allows.

    gib: the size of the files that are loaded, GiB. licence: its short name; free: whether a film may be sold.
    """

    steps: int
    guidance: float
    licence: str
    gib: float
    free: bool = True


@dataclass
class Loaded:
    """A pipeline in a worker's memory, and the adapters that it wears."""

    pipe: Any
    worn: list[str] = field(default_factory=list)
    guides: tuple[str, Any] | None = None  # the pipeline with a ControlNet, by the weights of that


class Painter(Family):
    """One family of painters. Sizes in pixels."""

    PIPELINE: ClassVar[str]  # of diffusers
    LOADS: ClassVar[tuple[str, ...]]  # the pipelines whose folders it can be loaded from
    MODELS: Mapping[str, Known]  # by hub id; the first is the default
    NATIVES: Sequence[sizes.Size] = ()
    AREA: ClassVar[int] = 1 << 20
    NEGATIVE: ClassVar[bool] = False
    MEANS: ClassVar[str] = ""  # by what a character is held beyond words: references, ip-adapter, or nothing
    MOST: ClassVar[int] = 0  # pictures that it looks at
    GUIDED: ClassVar[tuple[str, str]] = ("", "")  # the pipeline with a ControlNet, and the class of that
    LORA: ClassVar[str]  # whose adapters it wears: a key of adapters.NAMES

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
            "lora": options.lora(),
            **({"controlnet": guides.option()} if self.GUIDED[0] else {}),
            "dtype": options.dtype(self.DTYPE),
        }

    def known(self, given: Mapping[str, Any]) -> Known:
        """What is known of the chosen model; of one that is not in the table, as of the family's first."""
        return self.MODELS.get(given["model"]) or next(iter(self.MODELS.values()))

    def identity(self, given: Mapping[str, Any]) -> Any:
        """All that decides its pictures beside the recipe and the files that the stage names."""
        known = self.known(given)
        return {
            "version": [_diffusion.VERSION, self.VERSION],
            "pipeline": self.PIPELINE,
            "weights": _weights.identity(given["model"], given["revision"]),
            "dtype": given["dtype"],
            "steps": known.steps if given["steps"] is None else given["steps"],
            "guidance": known.guidance if given["guidance"] is None else given["guidance"],
            **({"controlnet": guides.identity(given["controlnet"])} if given.get("controlnet") else {}),
        }

    def extras(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The options that name further weights, each with its `model`."""
        return {"controlnet": given["controlnet"]} if given.get("controlnet") else {}

    def lacks(self, given: Mapping[str, Any]) -> str | None:
        """The libraries, the commit, or the weights."""
        return loading.lacks(given["model"], given["revision"], self.LOADS) or self._lacks_extras(given)

    def _lacks_extras(self, given: Mapping[str, Any]) -> str | None:
        found = (_weights.lacks(one["model"], one.get("revision", ""), "") for one in self.extras(given).values())
        return next((one for one in found if one), None)

    def canvas(self, given: Mapping[str, Any], width: int, height: int) -> sizes.Size:
        """The size it draws at for a film of width x height."""
        if given["size"] is not None:
            return options.sized(given["size"])
        if self.NATIVES:
            return sizes.nearest(self.NATIVES, width, height)
        return sizes.of_area(self.AREA, self.MULTIPLE, width, height)

    def means(self, given: Mapping[str, Any]) -> tuple[str, int]:
        """By what a character is held, and how many pictures it looks at."""
        return self.MEANS, self.MOST

    def refused(self, path: Path) -> str | None:
        """Why a file is no adapter of this family; None where it may be one. Raises StageError."""
        return adapters.refused(path, self.LORA)

    # drawing

    def paint(self, ask: Ask, out: Path, progress: Progress, desk: Desk | None = None, **given: Sequence[Path]) -> Made:
        """The still of a shot. ask: the recipe of stages/keyframe and how; given: pictures and adapters by role."""
        return self._drawn(ask, out / "still.png", desk, given)

    def portrait(
        self,
        ask: Ask,
        out: Path,
        progress: Progress,
        references: Sequence[Path] = (),
        desk: Desk | None = None,
        **given: Sequence[Path],
    ) -> Made:
        """A character alone. ask: the recipe of stages/portrait and how. References are not looked at: where a
        character has some, shots read them, and no portrait is asked for."""
        return self._drawn(ask, out / "portrait.png", desk, given)

    def _drawn(self, ask: Ask, path: Path, desk: Desk | None, given: Mapping[str, Sequence[Path]]) -> Made:
        """A picture, on the first rung that has memory enough for it: the same numbers on each."""
        missing = loading.lacks(ask["how"]["model"], ask["how"]["revision"], self.LOADS)
        if missing := missing or self._lacks_extras(ask["how"]):
            raise MachineError(f"the painter {self.NAME} cannot work here", missing)
        seen = [pictures.read(one) for one in ordered(ask, given)]
        for one in given.get("lora", ()):
            if wrong := self.refused(one):
                raise StageError(wrong, "choose an adapter for this family, or the family it was made for")
        device = loading.device()
        with turns.turn(device, desk):
            load = self.load_of(ask)
            start = rungs.first(load, rungs.LOSSLESS, rungs.free(device))
            for rung in rungs.LOSSLESS[start:]:
                try:
                    made = self._on_rung(rung, device, ask, path, desk, given, seen)
                except Exception as error:
                    if not rungs.is_out_of_memory(error):
                        raise
                    error.__traceback__ = None  # it holds every tensor that was being worked on
                else:
                    return Made(made.parts, {**made.provenance, "rung": rung, "estimated_bytes": load.peak(rung)})
                if desk is not None:
                    desk.resident("nothing", lambda: None)
                rungs.sweep()
        width, height = ask["size"]
        smaller = "x".join(map(str, sizes.of_area(width * height // 2, self.MULTIPLE, width, height)))
        raise StageError(
            f"{self.NAME} at {width}x{height} does not fit into this device's memory",
            f"under make.painter, write `size: {smaller}`, or choose a smaller model",
        )

    def load_of(self, ask: Ask) -> rungs.Load:
        """What a picture takes."""
        pictures_at_once = 1 + sum(one["pictures"] for one in ask.get("cast", ()))
        dtype = ask["painter"]["identity"]["dtype"]
        return self.load_at(ask["how"], dtype, tuple(ask["size"]), 1, pictures_at_once)

    @property
    def models(self) -> Mapping[str, Known]:
        return self.MODELS

    def extent(self, given: Mapping[str, Any], width: int, height: int) -> tuple[sizes.Size, int, int]:
        """A still; of a family that looks at pictures with one beside it."""
        return self.canvas(given, width, height), 1, 1 + min(1, self.means(given)[1])

    def taken(self, each: int, size: sizes.Size, frames: int, pictures: int) -> tuple[int, int]:
        width, height = size
        denoise = (width // 16) * (height // 16) * pictures * WIDTH * each * KEPT
        return denoise, width * height * each * DECODED

    def _on_rung(
        self,
        rung: str,
        device: str,
        ask: Ask,
        path: Path,
        desk: Desk | None,
        given: Mapping[str, Sequence[Path]],
        seen: Sequence[Any],
    ) -> Made:
        said = ask["painter"]["identity"]
        loaded = self._loaded(rung, device, ask, desk)
        pipe, (width, height) = loaded.pipe, ask["size"]
        strengths = [one["weight"] for one in ask.get("lora", ())]
        worn = adapters.wear(pipe, list(zip(given.get("lora", ()), strengths, strict=True)), loaded.worn, self.LORA)
        if given.get("guide"):
            pipe, more = self._guided(loaded, ask, pictures.read(given["guide"][0]))
        else:
            more = {}
        if desk is not None:
            self._ahead(loaded.pipe, {**ask, "worn": worn}, given.get("lora", ()), desk)
        count = said["steps"]
        drawn = self.draw(
            pipe,
            {**ask, "worn": worn},
            seen,
            width=width,
            height=height,
            num_inference_steps=count,
            generator=loading.generator(ask["seed"]),
            output_type="np",
            callback_on_step_end=Steps(desk, count, lambda latents: self.shown(pipe, latents, width, height)),
            **more,
        )
        later(desk, lambda: pictures.write(path, drawn.images[0]))
        weights = _weights.digests(ask["how"]["model"], ask["how"]["revision"])
        return Made({"": path}, {"family": self.NAME, **loading.provenance(pipe), **ask["how"], "weights": weights})

    def _loaded(self, rung: str, device: str, ask: Ask, desk: Desk | None) -> Loaded:
        said = ask["painter"]["identity"]

        def load() -> Loaded:
            rungs.sweep()
            return Loaded(rungs.place(self.load(ask["how"], said), rung, device))

        name = self._called(said) + ("" if rung == "resident" else f" {rung}")
        return desk.resident(name, load) if desk is not None else load()

    def _guided(self, loaded: Loaded, ask: Ask, guide: Any) -> tuple[Any, dict[str, Any]]:
        """The pipeline that follows a guide, made of the parts of the other, and what it is told of it."""
        said = ask["painter"]["identity"].get("controlnet")
        if said is None:
            raise StageError(
                f"{self.NAME} has no ControlNet to follow a guide by", "name one: `painter: {controlnet: {model: ...}}`"
            )
        name = json.dumps(said["weights"], sort_keys=True)
        if loaded.guides is None or loaded.guides[0] != name:
            net = guides.load(self.GUIDED[1], ask["how"]["controlnet"], ask["painter"]["identity"]["dtype"])
            net = net.eval().to(loaded.pipe._execution_device)
            whole = loading.made_of(self.GUIDED[0], {**loaded.pipe.components, "controlnet": net})
            loaded.guides = (name, whole)
        width, height = ask["size"]
        picture = guides.drawn(guide, width, height, said["follows"])
        return loaded.guides[1], self.guide(picture, said["weight"])

    def _called(self, said: Mapping[str, Any]) -> str:
        known = hashlib.sha256(json.dumps(said["weights"], sort_keys=True).encode()).hexdigest()[:16]
        return f"{self.PIPELINE} {known} {said['dtype']}"

    def words(self, pipe: Any, ask: Ask) -> Any:
        """What the text encoders made of the prompt, on the device; from memory where they were asked before."""
        return words.moved(self._encoded(pipe, ask), pipe._execution_device)

    def _encoded(self, pipe: Any, ask: Ask) -> Any:
        prompt, *more = self.said(ask)
        encoder = f"{self._called(ask['painter']['identity'])} {ask['worn']} {' '.join(more)}"
        return words.encoded(encoder, prompt, lambda: self.encode(pipe, ask))

    def _ahead(self, pipe: Any, ask: Ask, adapters: Sequence[Path], desk: Desk) -> None:
        """Encodes what the run will want of this pipeline, as it is dressed now."""
        worn = tuple(str(path) for path in adapters)
        alike = (
            {**one.recipe, "how": one.how, "worn": ask["worn"]}
            for one in desk.ahead()
            if one.files.get("lora", ()) == worn and one.recipe.get("lora") == ask.get("lora")
        )
        words.ahead((partial(self._encoded, pipe, one) for one in alike if self.said(one)), desk)

    # what a family says

    def load(self, how: Mapping[str, Any], said: Mapping[str, Any]) -> Any:
        """Its pipeline, in the processor's memory."""
        return loading.pipeline(self.PIPELINE, how["model"], how["revision"], said["dtype"])

    def guide(self, picture: Any, weight: float) -> dict[str, Any]:
        """How its pipeline with a ControlNet is told of a guide."""
        return {"control_image": picture, "controlnet_conditioning_scale": weight}

    def said(self, ask: Ask) -> tuple[str, ...]:
        """The prompt as the text encoders read it, and in words whatever else decides what they make of it; empty
        where they read pictures with it."""
        return (ask["prompt"],)

    @abstractmethod
    def encode(self, pipe: Any, ask: Ask) -> Any:
        """What the pipeline is told of what is said: arguments by name, tensors."""

    @abstractmethod
    def draw(self, pipe: Any, ask: Ask, seen: Sequence[Any], **more: Any) -> Any:
        """What the pipeline gives for a prompt and pictures. more: arguments that every pipeline takes."""

    def plain(self, pipe: Any, latents: Any, width: int, height: int) -> Any:
        """Latents as the VAE decodes them, (1, channels, height, width); None where there is nothing to show."""
        return None

    def shown(self, pipe: Any, latents: Any, width: int, height: int) -> Any:
        """What latents show so far, at a quarter of the size, (height, width, 3) from 0 to 1.

        None where the VAE is not on the device: to fetch it there would push out what draws.
        """
        import torch

        if next(pipe.vae.parameters()).device != latents.device or hasattr(pipe.vae, "_hf_hook"):
            return None
        with torch.no_grad():
            plain = self.plain(pipe, latents, width, height)
            if plain is None:
                return None
            if min(plain.shape[-2:]) >= 32:
                flat = torch.nn.functional.avg_pool2d(plain.flatten(0, -4), 4)
                plain = flat.reshape(*plain.shape[:-2], *flat.shape[-2:])
            values = pipe.vae.decode(plain.to(pipe.vae.dtype), return_dict=False)[0]
        values = values[0] if values.ndim == 4 else values[0, :, 0]
        return (values / 2 + 0.5).clamp(0, 1).permute(1, 2, 0).float().cpu().numpy()


def ordered(ask: Ask, given: Mapping[str, Sequence[Path]]) -> list[Path]:
    """The pictures of a shot's characters in their order: the user's references, or a portrait, as the recipe says."""
    left = {role: list(given.get(role, ())) for role in ("references", "portraits")}
    found: list[Path] = []
    for one in ask.get("cast", ()):
        role = "references" if one["from"] == "references" else "portraits"
        count = one["pictures"]
        if len(left[role]) < count:
            raise StageError(f"the pictures of {one['name']} did not come with the job", "render again")
        found += left[role][:count]
        del left[role][:count]
    return found


def numbered(ask: Ask, noun: str) -> str:
    """Sentences on whom the pictures of a shot show, by their numbers from 1: `image 1 and image 2 show lead. ...`."""
    said, number = [], 0
    for one in ask.get("cast", ()):
        these = [f"{noun} {number + n + 1}" for n in range(one["pictures"])]
        number += one["pictures"]
        verb = "shows" if len(these) == 1 else "show"
        said.append(f"{' and '.join(these)} {verb} {one['name']}, whose face, hair and clothes stay the same. ")
    return "".join(said)
