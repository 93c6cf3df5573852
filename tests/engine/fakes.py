"""A stage for tests: it writes down what it read, and follows the orders that a test lays out beside the store.

The recipe says what the node is, as any recipe does. Orders are in no key: they say how this make goes. They stand in
`orders/NODE.json` of the folder that MVR_LAB names: fail, bug, die, hold, deaf, write, roll, print, provenance, give;
`later` holds orders for when the stage has returned, and then its writing waits until then too. Every make adds the
node's name and the worker's process to `tally`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from mvr.engine.job import Cancelled, Desk, Job, Made
from mvr.errors import StageError

PATIENCE_SECONDS = float(os.environ.get("MVR_PATIENCE", "20"))


def make(job: Job, desk: Desk) -> Made:
    """One JSON document: what was said and read. `hands` in the recipe replaces it; `parts` adds parts."""
    lab = Path(os.environ["MVR_LAB"])
    orders = ordered(lab, job.node)
    with (lab / "tally").open("a") as tally:
        tally.write(f"{job.node} {os.getpid()}\n")
    read = {role: [desk.path(blob).read_text() for blob in blobs] for role, blobs in job.inputs.items()}
    read |= {f"{role} file": [desk.path(file).read_text() for file in files] for role, files in job.files.items()}
    obey(orders, lab, job, desk)
    roll = {"roll": os.urandom(4).hex()} if orders.get("roll") else {}
    document = {"say": job.recipe["say"], "read": read, "shows": job.recipe.get("shows"), **roll}
    text = job.recipe.get("hands", json.dumps(document))
    if "later" in orders:
        desk.later(lambda: obey(orders["later"], lab, job, desk))
        desk.later(lambda: (desk.out / "later.json").write_text(text))
        return Made({"": desk.out / "later.json"})
    return Made(written(desk.out, text, job.recipe.get("parts", {})), orders.get("provenance", {}))


def ordered(lab: Path, node: str) -> dict[str, Any]:
    """The orders of a node, which count for one make."""
    path = lab / "orders" / f"{node.replace('/', '+')}.json"
    try:
        orders: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    if not orders.get("always"):
        path.unlink(missing_ok=True)
    return orders


def obey(orders: dict[str, Any], lab: Path, job: Job, desk: Desk) -> None:
    if "print" in orders:
        print(orders["print"], flush=True)  # noqa: T201  what a library may do
    for path, text in orders.get("write", {}).items():
        Path(path).write_text(text)
    for path in orders.get("remove", []):
        Path(path).unlink()
    if orders.get("hold"):
        hold(lab, job.node, desk, deaf=bool(orders.get("deaf")))
    if "die" in orders:
        os.kill(os.getpid(), orders["die"])
    if "exit" in orders:
        os._exit(orders["exit"])
    if "fail" in orders:
        raise StageError(orders["fail"], "mend it")
    if "bug" in orders:
        raise RuntimeError(orders["bug"])


def hold(lab: Path, node: str, desk: Desk, *, deaf: bool) -> None:
    """Waits for the test: until `held/NODE`, which it writes, is gone. Deaf: does not ask if it is still wanted."""
    path = lab / "held" / node.replace("/", "+")
    path.write_text(str(os.getpid()))
    end = time.monotonic() + PATIENCE_SECONDS
    fraction = 0.0
    try:
        while path.exists() and time.monotonic() < end:
            if not deaf:
                desk.progress(fraction, b"picture" if fraction else None)
                fraction = 0.5
            time.sleep(0.005)
    except Cancelled:
        (lab / "cancelled").open("a").write(f"{node}\n")
        raise


def written(out: Path, text: str, parts: dict[str, str]) -> dict[str, Path]:
    made = {"": out / "main.json"}
    made[""].write_text(text)
    for name, content in parts.items():
        made[name] = out / f"{name}.txt"
        made[name].write_text(content)
    return made


def loads(job: Job, desk: Desk) -> Made:
    """Loads weights, as a stage of a lane that keeps them does, and says how often this process has loaded any."""
    lab = Path(os.environ["MVR_LAB"])

    def load() -> str:
        with (lab / "loads").open("a") as log:
            log.write(f"{job.recipe['weights']}\n")
        return str(job.recipe["weights"])

    (desk.out / "loaded.txt").write_text(desk.resident(job.recipe["weights"], load) + job.node)
    return Made({"": desk.out / "loaded.txt"})


def leaves_and_fails(job: Job, desk: Desk) -> Made:
    """Leaves something for later, and fails."""
    desk.later((Path(os.environ["MVR_LAB"]) / "left").touch)
    raise StageError("no light")


def looks_ahead(job: Job, desk: Desk) -> Made:
    """Writes down what it is told of the jobs to come."""
    (desk.out / "ahead.json").write_text(json.dumps([[one.recipe["say"], one.files, one.how] for one in desk.ahead()]))
    return Made({"": desk.out / "ahead.json"})


def with_child(job: Job, desk: Desk) -> Made:
    """Starts a process of its own and waits for it, as a stage does that encodes."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        (Path(os.environ["MVR_LAB"]) / "child").write_text(str(child.pid))
    return Made({})
