"""Who is in the film and how it looks, and the words that every picture carries of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Style:
    """The look of the whole film. palette holds colours as `#rrggbb`."""

    look: str = ""
    palette: tuple[str, ...] = ()
    lighting: str = ""
    camera: str = ""
    avoid: tuple[str, ...] = ()


@dataclass(frozen=True)
class Adapter:
    """A LoRA: its file, as written, how strongly it acts, and the words that call it up."""

    file: str
    weight: float = 1.0
    trigger: str = ""


@dataclass(frozen=True)
class Character:
    """One character of the sheet. constant names traits that must not change; arc and range what may."""

    name: str
    role: str  # lead | supporting | crowd
    description: str = ""
    wardrobe: str = ""
    features: tuple[str, ...] = ()
    constant: tuple[str, ...] = ()
    arc: str = ""
    range: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    lora: Adapter | None = None

    def words(self) -> str:
        """The words that every picture of this character carries, as the user wrote them."""
        return ", ".join(part for part in (self.description, self.wardrobe, *self.features) if part)

    def drawn(self) -> dict[str, object]:
        """What who draws this character reads: the name, and the words of the sheet that are seen."""
        return {
            "name": self.name,
            "description": self.description,
            "wardrobe": self.wardrobe,
            "features": list(self.features),
        }

    def called(self) -> Character:
        """The same with the words first that call up its LoRA, for a painter that wears it."""
        trigger = self.lora.trigger if self.lora else ""
        return replace(self, description=", ".join(part for part in (trigger, self.description) if part))


def joined_prompt(sentence: str, characters: Sequence[Character], style: Style) -> str:
    """The sentence of a shot with its characters' words and the style's, as every painter gets it."""
    cast = [f"{character.name}: {character.words()}" for character in characters if character.words()]
    look = [part for part in (style.look, style.lighting) if part]
    return ". ".join(part.strip().rstrip(".") for part in (sentence, *cast, *look) if part.strip())


def triggered(prompt: str, worn: Sequence[Adapter]) -> str:
    """A prompt with the words before it that call up what its painter wears."""
    return ". ".join([*(one.trigger for one in worn if one.trigger), prompt])
