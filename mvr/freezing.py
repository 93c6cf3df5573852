"""Freezing: the words of treatment and shot list in files beside the project's, in the writer's place; and thawing.

Freezing changes no word, so it makes no picture again. What was edited by hand is never written over: the third line
of each file seals it as it was written.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr.engine import disk, events
from mvr.engine.graph import Ref
from mvr.errors import MvrError, ProjectError
from mvr.model import frozen_names
from mvr.resources import resource

if TYPE_CHECKING:
    from mvr.bench import Bench
    from mvr.workspace import Workspace

Json = Any

SEAL = "# As frozen: "
WHAT = ("treatment", "shot list")
HINTS = (
    "`mvr plan --freeze` leaves it as it is; `mvr plan --thaw` removes it.",
    "`mvr plan --freeze` adds the shots that it lacks; `mvr plan --thaw` removes it.",
)


def freeze(workspace: Workspace, say: Callable[[events.Event], None]) -> list[str]:
    """Writes the frozen files, or what they lack; makes the words that are not there. Says what was done, in lines.

    Raises MvrError where the words could not be made.
    """
    with workspace.opened() as bench:
        story, words = _words(workspace, bench, say)
        done = _story(workspace, story) + _shots(workspace, bench.project.frozen.shots, words)
        return done or ["all was frozen already"]


def _story(workspace: Workspace, story: Json | None) -> list[str]:
    file = workspace.folder / frozen_names(workspace.file)[0]
    if story is None or file.exists():
        return []
    disk.rewrite(file, _text(workspace.file.name, 0, _ordered(story, "treatment")).encode())
    return [f"frozen: {file.name}"]


def _shots(workspace: Workspace, frozen: Mapping[str, Json], words: Mapping[str, Json]) -> list[str]:
    file = workspace.folder / frozen_names(workspace.file)[1]
    lacking = [shot for shot in words if shot not in frozen]
    gone = {shot: known for shot, known in frozen.items() if shot not in words}
    done = []
    if not file.exists() or (lacking and not _is_edited(file)):
        disk.rewrite(file, _text(workspace.file.name, 1, {"shots": {**words, **gone}}).encode())
        done.append(f"frozen: {file.name}, {len(words)} shots")
    elif lacking:
        _add(file, {shot: words[shot] for shot in lacking})
        done.append(f"frozen: {', '.join(lacking)} added to {file.name}")
    if gone:
        done.append(f"not in the cut now, and kept in {file.name}: {', '.join(gone)}")
    return done


def thaw(workspace: Workspace, *, edited: bool = False) -> list[str]:
    """Removes the frozen files; edited: also where that loses what was written by hand. Raises ProjectError."""
    from mvr import bench

    files = [file for name in frozen_names(workspace.file) if (file := workspace.folder / name).exists()]
    lost = [file.name for file in files if _is_edited(file)]
    if lost and not edited:
        raise ProjectError(
            f"{' and '.join(lost)} {'was' if len(lost) == 1 else 'were'} edited by hand, and thawing would lose that",
            "keep a copy, or commit it to git; then: mvr plan --thaw --yes",
        )
    try:
        for file in files:
            file.unlink()
    except OSError as error:
        raise bench.refused(error) from error
    return [f"thawed: {file.name} removed" for file in files] or ["nothing is frozen here"]


def _is_edited(file: Path) -> bool:
    text = file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    head, found, rest = text.partition(f"\n{SEAL}")
    seal, _, body = rest.partition("\n")
    return not found or head.count("\n") > 1 or seal != _seal(body)


def _seal(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _words(
    workspace: Workspace, bench: Bench, say: Callable[[events.Event], None]
) -> tuple[Json | None, dict[str, Json]]:
    """The treatment, if it is known, and every shot's words as the writer, or the frozen list, has them."""
    from mvr import shotlist
    from mvr.engine.plan import Reader

    graph, plans = workspace.planned(bench, say)
    reader = Reader(bench.judge)
    cut: Json = reader.document(graph, Ref("cut"))
    words = dict(bench.project.frozen.shots)
    for section in shotlist.unwritten(bench.project, cut):
        document = reader.document(graph, Ref(f"{section}/shots"))
        if document is None:
            raise MvrError(f"the words of {section} went while they were read", "the same command again makes them")
        for shot in document["shots"]:
            known = _ordered({"section": section, "shots": [shot]}, "shots")["shots"][0]
            words.setdefault(shot["id"], {name: value for name, value in known.items() if name != "id"})
    return reader.document(graph, Ref("treatment")), {plan.id: words[plan.id] for plan in plans}


def _ordered(document: Json, schema: str) -> Json:
    """A document with its keys in the order of its schema."""
    root = json.loads(resource(f"schemas/{schema}.schema.json").read_text("utf-8"))

    def order(value: Json, form: Json) -> Json:
        form = root["definitions"][form["$ref"].rpartition("/")[2]] if "$ref" in form else form
        if isinstance(value, dict):
            known = form.get("properties", {})
            return {name: order(value[name], known.get(name, {})) for name in (*known, *value) if name in value}
        return [order(one, form.get("items", {})) for one in value] if isinstance(value, list) else value

    return order(document, root)


def _text(project: str, which: int, document: Json) -> str:
    """A frozen file: two lines for a person, the seal, the words."""
    from mvr import edit

    body = edit.block(document)
    if which == 1:
        body = "\n".join(_headed(body.splitlines())) + "\n"
    return (
        f"# The {WHAT[which]} of {project}, frozen: it stands in the writer's place. Edit it, keep it in git.\n"
        f"# {HINTS[which]}\n{SEAL}{_seal(body)}\n{body}"
    )


def _headed(lines: Iterable[str]) -> Iterable[str]:
    """A comment over the first shot of each section."""
    section = ""
    for line in lines:
        shot = re.match(r'  "?([^\s":]+)"?:$', line)
        if shot and shot[1].partition(".")[0] != section:
            section = shot[1].partition(".")[0]
            yield f"  # {section}"
        yield line


def _add(file: Path, words: Mapping[str, Json]) -> None:
    """Adds shots to a list that was edited by hand; every other byte of it stays as it is."""
    from mvr import edit

    text = file.read_bytes().decode("utf-8")
    for shot, known in words.items():
        text = edit.put(text, ("shots", shot), known)
    disk.rewrite(file, text.encode())
