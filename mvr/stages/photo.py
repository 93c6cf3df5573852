"""Photo: a picture of the user's own in a painter's place, as upright pixels that an animator can read."""

from __future__ import annotations

from mvr.engine.job import Desk, Job, Json, Made
from mvr.errors import StageError
from mvr.model import Project, ShotPlan

EACH = "shot"
VERSION = 2
EXACT = False
LANE = "cpu"


def recipe(project: Project, unit: ShotPlan, *, chain: Json = ()) -> tuple[dict[str, Json], dict[str, str]]:
    """How the picture is shaped: its crop and its fit, at the film's size; left alone where it fills the frame."""
    output = project.output
    shape = [step for step in chain if step["do"] in ("crop", "fit")]
    values: dict[str, Json] = {"size": [output.width, output.height], "shape": shape}
    return values, {"size": "output.size", "shape": unit.sources.get("fit", "look.fit")}


def make(job: Job, desk: Desk) -> Made:
    """`still.png`, of the file in the role `still`: at most twice the film's size where it is not shaped. Raises
    StageError where it is no picture."""
    from fractions import Fraction

    from mvr.media.photo import write_photo
    from mvr.media.probe import still_format
    from mvr.media.source import Canvas

    path = desk.path(job.files["still"][0])
    if still_format(path) is None:
        raise StageError(f"{path.name} is no picture", "give a PNG, JPEG, TIFF or WebP")
    out = desk.out / "still.png"
    width, height = job.recipe["size"]
    write_photo(path, out, Canvas(width, height, Fraction(1)), job.recipe["shape"], desk.out)
    return Made({"": out})
