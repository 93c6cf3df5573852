"""Looks: what a character's words say of body, hair and clothes; what they leave open follows from the name."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from mvr.backends._words import Vocabulary, lemmas, tokens

COLOURS = {
    "black": "#20222b", "dark": "#2a2e3d", "white": "#f1efe8", "grey": "#8a8f98", "gray": "#8a8f98",
    "silver": "#b9c0c9", "red": "#d23b3b", "crimson": "#a9213a", "scarlet": "#dd2e2e", "burgundy": "#7a1f35",
    "maroon": "#742a2e", "orange": "#ef7f2e", "amber": "#f0a02e", "yellow": "#f5c63a", "golden": "#e3ac3b",
    "gold": "#e3ac3b", "blonde": "#e6c27a", "blond": "#e6c27a", "green": "#3f8f5a", "emerald": "#1f8f68",
    "olive": "#76793b", "teal": "#23858c", "turquoise": "#38b5b0", "cyan": "#36b9d6", "blue": "#3566b5",
    "navy": "#25325e", "indigo": "#3d3a86", "purple": "#6f3f98", "violet": "#7d4fb0", "lavender": "#a893d6",
    "magenta": "#c93a8f", "pink": "#ee86a6", "rose": "#d9607f", "brown": "#6d4630", "chestnut": "#6a3b26",
    "auburn": "#84341f", "ginger": "#c4602c", "copper": "#b5622f", "beige": "#d4c0a0", "tan": "#c49e6c",
    "cream": "#efe2c6", "khaki": "#a99a6b", "camel": "#b98c58", "denim": "#44618f", "leather": "#3a2a25",
    "platinum": "#e9e2cf", "light": "#e6ddcc", "pale": "#e4dcd0", "bright": "#f2b134", "colourful": "#d9506a",
}  # fmt: skip
CLOTHES = {
    "coat": ("coat", "trench coat", "overcoat", "raincoat", "parka", "cloak", "robe", "gown", "cape", "kimono"),
    "jacket": ("jacket", "blazer", "bomber", "leather jacket", "denim jacket", "vest", "cardigan", "windbreaker"),
    "suit": ("suit", "tuxedo", "uniform", "spacesuit"),
    "hoodie": ("hoodie", "sweater", "jumper", "sweatshirt", "pullover", "jersey", "turtleneck"),
    "shirt": ("shirt", "t shirt", "tee", "blouse", "top", "tank top", "tunic"),
    "dress": ("dress", "sundress", "ballgown"),
    "skirt": ("skirt",),
    "trousers": ("trousers", "pants", "jeans", "leggings", "slacks", "overalls", "shorts"),
    "boots": ("boots", "boot", "shoes", "sneakers", "heels", "sandals"),
    "scarf": ("scarf", "shawl", "bandana"),
    "hat": ("hat", "fedora", "cowboy hat", "sunhat"),
    "cap": ("cap", "beanie", "beret", "baseball cap"),
    "glasses": ("glasses", "sunglasses", "spectacles", "goggles"),
    "beard": ("beard", "bearded", "stubble", "goatee"),
    "hair": ("hair", "haired", "braid", "curl", "bob", "ponytail", "bun", "afro", "dreadlock", "mohawk", "pixie cut"),
    "guitar": ("guitar", "bass guitar"),
    "lantern": ("lantern", "paper lantern", "lamp"),
}
STYLES = {
    "bald": ("bald", "shaved head", "shaven"),
    "curly": ("curly", "curl", "afro", "frizzy", "dreadlock"),
    "bun": ("bun", "topknot", "updo", "braid"),
    "ponytail": ("ponytail", "pony tail"),
    "bob": ("bob", "shoulder length", "chin length", "medium hair"),
    "short": ("short hair", "short black hair", "cropped", "buzz cut", "pixie", "crew cut", "close cropped"),
    "long": ("long hair", "flowing hair", "waist length", "long haired"),
}
WOMEN = Vocabulary({"w": ("woman", "girl", "female", "she", "her", "lady", "mother", "sister", "queen",
                          "actress", "ballerina", "wife", "daughter", "princess", "bride", "grandmother",
                          "waitress")})  # fmt: skip
MEN = Vocabulary({"m": ("man", "boy", "male", "he", "his", "guy", "father", "brother", "king", "husband", "son",
                        "prince", "groom", "grandfather", "gentleman", "cowboy")})  # fmt: skip
AGES = Vocabulary({"old": ("old", "elderly", "aged", "grandmother", "grandfather", "seventies", "wrinkled", "sixties"),
                   "child": ("child", "kid", "boy", "girl child", "little girl", "little boy", "toddler")})  # fmt: skip
BUILDS = Vocabulary({"broad": ("broad", "muscular", "stocky", "heavy", "big", "strong", "burly", "athletic"),
                     "slim": ("slim", "thin", "slender", "skinny", "lean", "petite", "lanky", "tall")})  # fmt: skip
SKINS = {
    "pale": "#f3cfb8", "fair": "#f0c6a8", "light": "#ebba97", "olive": "#cf9a70", "tan": "#c68b5e", "brown": "#935a3b",
    "dark": "#6b4030", "black": "#573427", "asian": "#eabf98", "african": "#6b4030", "indian": "#a86f49",
}  # fmt: skip
FREE = ("#c7473f", "#2f6f8f", "#d9973b", "#4b7f5c", "#7a4f93", "#31405f", "#b85c7c", "#3f8c8a", "#8f5a3c", "#5a6fb0")
HAIRS = ("#241b1c", "#3a2620", "#5d3a26", "#8a5a33", "#a9442b", "#d6a862", "#1c1f2a", "#6e2f2a")
_CLOTHES, _STYLES = Vocabulary(CLOTHES), Vocabulary(STYLES)


@dataclass(frozen=True)
class Looks:
    """A character to be drawn. Colours are local colours, before any light; "" where a garment is not worn."""

    woman: bool
    age: str  # young | old | child
    build: float  # shoulders and waist against the usual
    tall: float
    skin: str
    hair: str
    style: str
    outer: str  # coat | jacket | suit | hoodie | "" (a shirt)
    outer_colour: str
    long: bool
    shirt: str
    dress: str
    skirt: str
    trousers: str
    boots: str
    scarf: str
    hat: str
    cap: str
    glasses: bool
    beard: bool
    beard_colour: str
    lantern: bool
    guitar: bool
    kind: str = ""  # a file of kinds/, or "" for a person


def looks(character: Mapping[str, Any]) -> Looks:
    """Reads a character's sheet: name, description, wardrobe, features."""
    name = str(character.get("name") or "")
    body = str(character.get("description") or "")
    features = ", ".join(str(feature) for feature in character.get("features") or ())
    words = f"{body}, {character.get('wardrobe') or ''}, {features}"
    chance = random.Random(f"looks:{name}:{body}")
    woman = bool(WOMEN.find(words)) if WOMEN.find(words) or MEN.find(words) else chance.random() < 0.5
    worn = _worn(words)
    free = chance.sample(FREE, 4)
    age = next(iter(AGES.find(words)), "young")
    build = next(iter(BUILDS.find(words)), "")
    style = next(iter(_STYLES.find(words)), "") or _style(words, woman, chance)
    outer = next((kind for kind in ("coat", "jacket", "suit", "hoodie") if kind in worn), "")
    dress = worn.get("dress", "")
    if not worn and not outer:
        outer = chance.choice(("coat", "jacket", "hoodie", ""))
        dress = free[1] if woman and not outer else ""
    trousers = (
        worn.get("trousers")
        or (worn.get(outer) if outer == "suit" else "")
        or chance.choice(("#2a2f42", "#3b3440", "#463a35", "#2f3d4d"))
    )
    worn_looks = Looks(
        woman=woman,
        age=age,
        build={"broad": 1.14, "slim": 0.92}.get(build, 1.0) * chance.uniform(0.97, 1.03),
        tall={"child": 0.7, "old": 0.95}.get(age, 1.0) * (0.96 if woman else 1.0) * chance.uniform(0.98, 1.02),
        skin=_skin(words, chance),
        hair=_hair(words, age, random.Random(f"hair:{name}:{body}")),
        style=style,
        outer=outer,
        outer_colour=(worn.get(outer) or free[0]) if outer else "",
        long=outer == "coat" or "long" in tokens(words),
        shirt=worn.get("shirt") or chance.choice(("#e9e3d5", "#c9ced6", free[2], "#353a4a")),
        dress=dress if "dress" not in worn else worn["dress"] or free[1],
        skirt=worn["skirt"] or free[1] if "skirt" in worn else "",
        trousers=trousers,
        boots=worn.get("boots") or chance.choice(("#1f1d24", "#3a2a24", "#2b2b33")),
        scarf=worn["scarf"] or free[3] if "scarf" in worn else "",
        hat=worn["hat"] or "#3a302d" if "hat" in worn else "",
        cap=worn["cap"] or free[3] if "cap" in worn else "",
        glasses="glasses" in worn,
        beard="beard" in worn,
        beard_colour=worn.get("beard") or _hair(words, age, random.Random(f"hair:{name}:{body}")),
        lantern="lantern" in worn,
        guitar="guitar" in worn,
    )
    return _kind(worn_looks, f"{name}, {words}")


@lru_cache(maxsize=1)
def _kinds() -> Vocabulary:
    from .kinds import all_kinds

    return Vocabulary({name: kind.WORDS for name, kind in all_kinds().items()})


def _kind(worn: Looks, words: str) -> Looks:
    """What a figure that is no plain person wears."""
    from .kinds import all_kinds

    kind = next(iter(_kinds().find(words)), "")
    return replace(all_kinds()[kind].wear(worn, tokens(words)), kind=kind) if kind else worn


def _worn(words: str) -> dict[str, str]:
    """What is worn, with the colour told just before it ("" where none is told)."""
    worn: dict[str, str] = {}
    for part in words.replace(" and ", ",").replace(" with ", ",").replace(" in a ", ",").replace(";", ",").split(","):
        named = [kind for kind in _CLOTHES.find(part) if kind != "hair"]
        if not named or ("hair" in _CLOTHES.find(part) and len(named) == 1 and named[0] in ("beard",)):
            for kind in named:
                worn.setdefault(kind, "")
            continue
        colour = _colour(part)
        for kind in named:
            worn.setdefault(kind, colour)
    return worn


def _colour(part: str) -> str:
    """The colour a phrase names; a real hue before "dark", "light" or "long"."""
    named = [lemma for token in tokens(part) for lemma in lemmas(token)[:2] if lemma in COLOURS]
    weak = {"dark", "light", "pale", "bright", "leather"}
    hues = [name for name in named if name not in weak]
    if hues:
        from ..colour import tone

        shift = -0.12 if "dark" in named else 0.1 if "light" in named or "pale" in named else 0.0
        return tone(COLOURS[hues[0]], shift) if shift else COLOURS[hues[0]]
    return COLOURS[named[0]] if named else ""


def _hair(words: str, age: str, chance: random.Random) -> str:
    usual = "#b9b6b2" if age == "old" else chance.choice(HAIRS)
    for part in words.replace(" and ", ",").replace(" with ", ",").split(","):
        if "hair" in _CLOTHES.find(part):
            return _colour(part) or usual
        if {"blonde", "blond", "redhead", "brunette"} & set(tokens(part)):
            told = tokens(part)
            return "#b5522b" if "redhead" in told else "#4a2f22" if "brunette" in told else COLOURS["blonde"]
    return usual


def _style(words: str, woman: bool, chance: random.Random) -> str:
    for part in words.split(","):
        told = tokens(part)
        if "hair" in told or "haired" in told:
            if "long" in told:
                return "long"
            if "short" in told:
                return "short"
            if "curly" in told:
                return "curly"
    return chance.choice(("long", "bob", "bun", "ponytail", "curly") if woman else ("short", "short", "curly", "bob"))


def _skin(words: str, chance: random.Random) -> str:
    told = tokens(words)
    for one, two in pairwise(told):
        if two in ("skin", "skinned", "complexion") and one in SKINS:
            return SKINS[one]
    for token in told:
        if token in ("asian", "african", "indian", "pale"):
            return SKINS[token]
    return chance.choice((SKINS["fair"], SKINS["light"], SKINS["olive"], SKINS["tan"], SKINS["brown"]))
