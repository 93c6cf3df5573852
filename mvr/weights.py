"""The models that a project's makers need: listed, pinned to a commit, fetched.

Writing the project file is mvr's hand here (`--pin`); a render reads what stands there, and asks no hub.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr import backends, hub
from mvr import project as projects
from mvr.backends import _weights
from mvr.errors import MachineError, ProjectError

if TYPE_CHECKING:
    from mvr.model import Maker, Project
    from mvr.workspace import Workspace

Json = Any


@dataclass(frozen=True)
class Need:
    """Weights that a maker needs: where the project file names it, which they are, and what the maker's table says.

    path: the maker's place in the file, such as make.painter; inner: the option within it that names further weights,
    a mapping; option: the one that names them in a word, where it is not `model`. room: see backends.
    pipeline: the folder begins with model_index.json. files: the only ones of it that are read, where it names them.
    """

    path: tuple[str, ...]
    maker: str
    model: str
    revision: str
    inner: str = ""
    option: str = ""
    files: tuple[str, ...] = ()
    licence: str = ""
    gib: float | None = None
    free: bool | None = None
    room: Json = None

    @property
    def at(self) -> tuple[str, ...]:
        """Where its commit stands in the project file."""
        return (*self.path, *((self.inner,) if self.inner else ()), "revision")

    @property
    def here(self) -> bool:
        """Are its weights on this machine?"""
        if self.files:
            folder = _weights.here(self.model, self.revision)
            return all((folder / name).exists() for name in self.files)
        indexes = ("model_index.json", "config.json")
        return any(_weights.lacks(self.model, self.revision, index) is None for index in indexes)


def needs(project: Project) -> list[Need]:
    """Every model that the project's makers need, in the file's order; one of several makers once each."""
    return [need for steps, maker in project.makers() for need in _of(maker, steps, project)]


def _of(maker: Maker, path: tuple[str, ...], project: Project) -> Iterator[Need]:
    module = backends.backend(maker.name)
    options = backends.filled(maker)
    if options.get("model") and "revision" in options:
        table = getattr(module, "MODELS", {})
        known = table.get(options["model"])
        said = {"licence": known.licence, "gib": known.gib, "free": known.free} if known else {}
        if hasattr(module, "room"):
            said["room"] = module.room(options, project.output.width, project.output.height)
        yield Need(path, maker.name, options["model"], options["revision"], **said)
    if (other := getattr(module, "WEIGHTS", "")) and options[other]:
        yield Need(path, maker.name, options[other], options["revision"], option=other)
    for name, value in options.items():
        if isinstance(value, dict) and value.get("model"):
            files = tuple(module.files(name, value)) if hasattr(module, "files") else ()
            yield Need(path, maker.name, value["model"], value.get("revision", ""), name, files=files)


def document(project: Project) -> Json:
    """The document of `mvr models --json`."""
    rows = [
        {
            "path": ".".join(need.path),
            "maker": need.maker,
            "part": need.inner or need.option,
            "model": need.model,
            "revision": need.revision or None,
            "folder": _weights.is_folder(need.model),
            "licence": need.licence or None,
            "card": (card := _weights.card(need.model, need.revision)) or None,
            "commercial": False if need.free is None and _weights.unsold(card) else need.free,
            "gib": need.gib,
            "here": need.here,
            "bytes": _bytes(need),
            "memory": _memory(need.room),
        }
        for need in needs(project)
    ]
    return {"models": rows, "ok": all(row["here"] for row in rows)}


def lines(document: Json) -> Iterator[str]:
    """The same for a person: a model a line, what is missing, and the next command."""
    rows = document["models"]
    if not rows:
        yield "this project needs no models: its makers draw and write by rule"
        return
    for row in rows:
        size = row["bytes"] / (1 << 30) if row["bytes"] else row["gib"]
        about = f", {'' if row['bytes'] else 'about '}{size:.1f} GiB" if size else ""
        pinned = "" if row["folder"] else f" @ {row['revision'][:12]}" if row["revision"] else ", no commit"
        part = f" ({row['part']})" if row["part"] else ""
        state = "here" if row["here"] else "not here"
        yield f"{row['path']}: {row['maker']}{part}: {row['model']}{pinned}{about}: {state}"
        if licence := _licence(row["licence"], row["card"]):
            warning = "; no film made with it may be sold" if row["commercial"] is False else ""
            yield f"    licence: {licence}{warning}"
        if memory := row["memory"]:
            what = f"{memory['size']}, {memory['frames']} frames" if memory["frames"] > 1 else memory["size"]
            least = f", {_gib(memory['least'])} at least" if memory["least"] < memory["whole"] else ""
            yield f"    memory at {what}: about {_gib(memory['whole'])} with all weights at once{least}"
    if any(not row["revision"] and not row["folder"] for row in rows):
        yield "next: mvr models --pin"
    elif any(not row["here"] and not row["folder"] for row in rows):
        yield "next: mvr models --pull"


def _licence(known: str | None, card: str | None) -> str:
    """A licence as mvr knows it, and as the model's own card says it where that is not the same word."""
    if not (known and card) or known.casefold() == card.casefold():
        return known or card or ""
    return f"{known}; its card says {card}"


def _memory(room: Json) -> Json:
    """What the device must hold: with all weights at once, and in the way that takes the least and loses nothing."""
    if room is None:
        return None
    size, taken = "x".join(map(str, room["size"])), list(room["bytes"].values())
    return {"size": size, "frames": room["frames"], "whole": taken[0], "least": min(taken)}


def _gib(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB"


def pin(workspace: Workspace) -> list[str]:
    """Asks the hub for the commit of each model that has none, and writes it into the project file; says what it wrote.

    Every other byte of the file stays as it was. Raises MachineError, ProjectError.
    """
    from mvr import edit
    from mvr.engine import disk

    project = workspace.load()
    said = []
    text = workspace.file.read_bytes().decode("utf-8")
    for need in needs(project):
        if need.revision or _weights.is_folder(need.model):
            continue
        if not _weights.HUB.fullmatch(need.model):
            hint = _weights.lacks(need.model, "") or ""
            raise ProjectError([projects.fault(project, ".".join((*need.path, "model")), f"'{need.model}'", hint=hint)])
        commit = hub.look(need.model).commit
        if not _weights.COMMIT.fullmatch(commit):
            raise MachineError(f"the hub named no commit of {need.model}", "try again, or write `revision` by hand")
        written: Any = project.data
        for step in need.path:
            written = (written or {}).get(step)
        if isinstance(written, dict):
            text = edit.put(text, need.at, edit.Quoted(commit))
        else:
            text = edit.put(text, need.path, {"with": need.maker, "revision": edit.Quoted(commit)})
        said.append(f"{'.'.join(need.at)}: {need.model} is pinned to {commit}")
    if said:
        mode = workspace.file.stat().st_mode
        disk.write(workspace.file, text.encode("utf-8"))
        workspace.file.chmod(mode)
    return said or ["every model has its commit already"]


def pull(workspace: Workspace) -> list[str]:
    """Fetches the weights that are not here, and checks each file against what the hub says of it.

    Raises MachineError where something could not be fetched, ProjectError where a model has no commit.
    """
    project, said = workspace.load(), []
    for need in needs(project):
        if need.here:
            continue
        if _weights.is_folder(need.model):
            raise MachineError(f"{need.model} is a folder that holds no such weights", "copy them there")
        if not _weights.COMMIT.fullmatch(need.revision):
            place = ".".join(need.at)
            hint = "`mvr models --pin` asks the hub for its commit, and writes it here"
            raise ProjectError([projects.fault(project, place, f"{need.model} has no commit", hint=hint, code=3)])
        found = hub.look(need.model, need.revision)
        wanted = {name: found.files[name] for name in chosen(found.files, need.files)}
        if not any(name.endswith(".safetensors") for name in wanted):
            hint = "choose a model that has .safetensors files"
            raise MachineError(f"{need.model} has only pickled weights, which are not loaded: they can run code", hint)
        cards = [name for name in found.files if _weights.is_card(name)]
        folder = hub.fetch(need.model, need.revision, [*wanted, *cards], _weights.cache())
        if wrong := hub.damaged(folder, wanted):
            hint = "they were taken away; `mvr models --pull` fetches them again"
            raise MachineError(f"{need.model}: {', '.join(wrong[:3])} came with other bytes than the hub says", hint)
        size = sum(one.size for one in wanted.values()) / (1 << 30)
        said.append(f"{need.model} is here: {len(wanted)} files, {size:.2f} GiB, every one checked")
    return said or ["all weights are here"]


def chosen(files: Mapping[str, Any], only: tuple[str, ...] = ()) -> list[str]:
    """Of a model's files those that are loaded: settings, tokenizers and safetensors, of a pipeline's parts and of no
    other folder; of weights in two sizes the half ones. only: files or folders, where the maker names them."""
    names = [name for name in files if Path(name).suffix in _weights.READ]
    if only:
        return sorted(name for name in names if any(name == one or name.startswith(f"{one}/") for one in only))
    pipeline = "model_index.json" in files
    depth = 2 if pipeline else 1
    names = [name for name in names if len(Path(name).parts) <= depth]
    if pipeline:  # beside its index, a pipeline's own folder may hold all its weights once more in one file
        names = [name for name in names if "/" in name or name.endswith(".json")]
        halves = {str(Path(name).parent) for name in names if ".fp16.safetensors" in name}
        names = [
            name
            for name in names
            if not (str(Path(name).parent) in halves and "safetensors" in name and ".fp16." not in name)
        ]
    return sorted(names)


def _bytes(need: Need) -> int | None:
    """How large what is here is on disk."""
    if not need.here:
        return None
    return sum(path.stat().st_size for path in _weights.files(_weights.here(need.model, need.revision)))
