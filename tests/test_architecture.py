"""The boundaries between the rooms of mvr."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mvr"

EVERYONE = {"errors", "resources"}
"""Rooms that every other may use."""

ARROWS: dict[str, set[str]] = {
    "cli": {
        "modelcommands",
        "storecommands", "manners", "doctor", "watch", "words", "workspace", "report", "starter", "analysis", "model",
        "comparison", "columns", "freezing", "exportcommand", "checks", "takecommands", "backends",
    },
    "choosing": {"workspace", "takes", "forecast", "shotlist", "edit", "engine", "model"},
    "takecommands": {"manners", "choosing", "report"},
    "comparison": {
        "workspace", "machine", "project", "history", "bench", "pipeline", "forecast", "shotlist", "diff", "scribe",
        "engine", "model",
    },
    "scribe": {"bench", "engine", "model"},
    "exportcommand": {"manners", "report", "export", "timeline"},
    "export": {"workspace", "bench", "shotlist", "stages", "media", "timeline", "engine", "model"},
    "diff": {"model"},
    "freezing": {"workspace", "project", "bench", "shotlist", "edit", "engine", "model"},
    "columns": {"words"},
    "analysis": {"stages", "hearing", "cutting", "timeline", "engine", "model"},
    "modelcommands": {"manners", "weights", "report"},
    "weights": {"hub", "backends", "project", "edit", "engine", "model", "workspace"},
    "hub": set(),
    "storecommands": {"manners", "storekeeping", "report"},
    "manners": {"machine", "project", "workspace", "report", "engine"},
    "report": {"live", "words", "engine", "model", "workspace", "storekeeping"},
    "storekeeping": {"workspace", "history", "engine"},
    "history": set(),
    "doctor": {"project", "machine", "media", "backends", "engine", "capacity", "words"},
    "capacity": {"backends", "model"},
    "live": {"words", "engine"},
    "words": {"engine"},
    "workspace": {
        "project", "machine", "bench", "engine", "model", "snapshot", "forecast", "trace", "view", "checks",
        "shotlist", "starter", "backends", "edit",
    },
    "edit": set(),
    "takes": {"bench", "engine", "model"},
    "bench": {"pipeline", "engine", "model"},
    "watch": {
        "workspace", "report", "forecast", "bench", "assembly", "eyes", "engine", "model", "preview", "onlooker",
        "closeup", "revising", "media",
    },
    "eyes": {"engine"},
    "preview": set(),
    "onlooker": {"standing", "preview", "assembly", "bench", "engine", "model"},
    "standing": {"bench", "forecast", "shotlist", "timeline", "engine", "model"},
    "closeup": {"workspace", "report", "comparison", "doctor", "takes", "trace", "engine"},
    "revising": {"workspace", "choosing", "shotlist", "takes", "edit", "timeline", "engine", "model"},
    "forecast": {"engine", "model", "trace", "backends", "timeline"},
    "trace": {"engine", "model"},
    "snapshot": {"engine"},
    "view": {"engine"},
    "pipeline": {
        "assembly", "captioning", "further", "look", "wiring", "timeline", "stages", "backends", "engine", "model",
        "shotlist",
    },
    "assembly": {"wiring", "captioning", "look", "timeline", "stages", "engine", "model"},
    "wiring": {"engine", "model"},
    "further": {"assembly", "wiring", "shotlist", "timeline", "stages", "engine", "model"},
    "look": {"captioning", "model"},
    "shotlist": {"model", "timeline", "overrides"},
    "overrides": {"model", "timeline"},
    "checks": {"project", "captioning", "stages", "media", "backends", "timeline", "model"},
    "captioning": {"media", "timeline", "model"},
    "starter": {"project"},
    "project": {"model", "machine", "backends"},
    "machine": {"model"},
    "stages": {"backends", "media", "timeline", "hearing", "cutting", "engine", "model"},
    "cutting": {"timeline", "model"},
    "hearing": {"model"},
    "backends": {"media", "engine", "model"},
    "media": {"model"},
    "timeline": {"model"},
    "model": set(),
    "engine": set(),
    "errors": set(),
    "resources": set(),
}  # fmt: skip

DOORS = {
    "click": {"cli", "manners", "storecommands", "exportcommand", "takecommands", "modelcommands"},
    "diskcache": {"engine.ledger"},
    "watchfiles": {"eyes"},
    "yaml": {"project"},
    "ruamel": {"edit"},
    "ray": {"engine.cluster"},
    "ffmpeg": {"media"},
    "av": {"media"},
    "imageio_ffmpeg": {"media"},
    "librosa": {"hearing"},
    "rich": {"live"},
    "opentimelineio": {"export.editorial"},
    "uharfbuzz": {"media"},
    "fontTools": {"media"},
    "httpx": {"backends.http"},
    "jinja2": {"backends._writing.prompts"},
    "llguidance": {"backends.transformers"},
    "diffusers": {"backends._diffusion"},
    "huggingface_hub": {"hub"},
    "starlette": {"preview.server"},
    "uvicorn": {"preview.server"},
}
"""Outside libraries that only one room may know."""

HEAVY = {
    "torch",
    "diffusers",
    "transformers",
    "librosa",
    "ray",
    "numpy",
    "cv2",
    "av",
    "yaml",
    "jsonschema",
    "diskcache",
    "httpx",
    "jinja2",
}


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports(path: Path, *, head_only: bool = False) -> Iterator[str]:
    """Every module that a file imports; with head_only those that importing it loads."""
    tree = ast.parse(path.read_text())
    guarded = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    nodes = tree.body if head_only else ast.walk(tree)
    for node in nodes:
        if node in guarded:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(module: str) -> str:
    return module.partition(".")[0]


def inner_imports(path: Path) -> set[str]:
    known = modules()
    found = {name.removeprefix("mvr.") for name in imports(path) if name.startswith("mvr.")}
    return {name for name in found if name in known}


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_room_uses_only_the_rooms_it_may(module: str) -> None:
    """Arrows between rooms are those of ARROWS, and none runs back."""
    here = room(module)
    if here == "":
        return
    used = {room(name) for name in inner_imports(modules()[module])} - {here, ""} - EVERYONE
    if here == "engine" or here in ("model", "errors", "resources"):
        assert used == set()
    elif here in ("stages", "backends", "media", "hearing"):
        assert used <= ARROWS[here]
        engine = {name for name in inner_imports(modules()[module]) if name.startswith("engine")}
        assert engine <= {"engine", "engine.job"}
    else:
        assert used <= ARROWS[here], f"{module} may not use {sorted(used - ARROWS[here])}"


def test_no_circle_between_rooms() -> None:
    """The rooms can be put in one order in which each uses only earlier ones."""
    used = {
        name: set().union(*(inner_imports(path) for module, path in modules().items() if room(module) == name))
        for name in {room(module) for module in modules()} - {""}
    }
    left = {name: {room(one) for one in found} - {name, ""} for name, found in used.items()}
    while left:
        free = {name for name, found in left.items() if not found & left.keys()}
        assert free, f"these rooms use each other in a circle: {left}"
        left = {name: found for name, found in left.items() if name not in free}


@pytest.mark.parametrize("module", sorted(name for name in modules() if name.startswith("stages.")))
def test_no_stage_imports_another(module: str) -> None:
    """A stage can be read, replaced and tested alone."""
    assert not {name for name in inner_imports(modules()[module]) if name.startswith("stages.")}


@pytest.mark.parametrize("library", sorted(DOORS))
def test_each_outside_library_has_one_door(library: str) -> None:
    """A library that mvr depends on is known to one room only."""
    users = {module for module, path in modules().items() if library in {room(name) for name in imports(path)}}
    allowed = DOORS[library]
    assert {user for user in users if not any(f"{user}.".startswith(f"{one}.") for one in allowed)} == set()


@pytest.mark.parametrize("module", sorted(name for name in modules() if name.startswith("stages.")))
def test_stages_arrive_light(module: str) -> None:
    """Importing a stage loads nothing heavy: wiring the pipeline must cost milliseconds."""
    assert not {room(name) for name in imports(modules()[module], head_only=True)} & HEAVY


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


@pytest.mark.parametrize("statement", ["import mvr.cli", "import mvr.workspace", "import mvr.pipeline"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    """The command line starts in a blink."""
    assert not loaded_by(statement) & HEAVY


def test_no_room_is_a_hall() -> None:
    """A file past 420 lines asks what it is hiding."""
    long = {module: len(path.read_text().splitlines()) for module, path in modules().items()}
    assert {module: lines for module, lines in long.items() if lines > 420} == {}
