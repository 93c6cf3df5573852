"""Who writes, paints and animates, as frozen values: the `make:` block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mvr.model.cast import Adapter

Json = Any


@dataclass(frozen=True)
class Maker:
    """Who makes something: a backend's name and its options, as written beside `with:`."""

    name: str
    options: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def of(cls, written: Json) -> Maker | None:
        """A maker as it stands in the file, or as one: a name, `none`, or {with: name} and its options."""
        if written is None or written == "none" or isinstance(written, Maker):
            return None if written == "none" else written
        if isinstance(written, str):
            return cls(written)
        return cls(written["with"], {key: value for key, value in written.items() if key != "with"})

    @property
    def adapters(self) -> tuple[Adapter, ...]:
        """The LoRAs that it wears for every picture."""
        listed = self.options.get("lora") or ()
        return tuple(Adapter(one["file"], float(one.get("weight", 1)), one.get("trigger", "")) for one in listed)


@dataclass(frozen=True)
class Makers:
    """The `make:` block, with defaults filled in. painter None: the animator needs no still. chosen: the animator
    stands in the file; else it is the one that suits the painter."""

    writer: Maker = Maker("rules")
    painter: Maker | None = Maker("sketch")
    animator: Maker = Maker("sketch")
    approve: str = "none"
    writer_take: int = 1  # another number asks the writer for another treatment of the same words
    chosen: bool = False

    def mover(self, painter: Maker | None) -> Maker:
        """The film's animator; where the file names none, the one that suits a shot's own painter."""
        return self.animator if self.chosen else suiting(painter)


def suiting(painter: Maker | None) -> Maker:
    """The animator of a painter's stills where the file names none."""
    return Maker("sketch" if painter is not None and painter.name == "sketch" else "parallax")
