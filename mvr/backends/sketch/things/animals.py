"""Animals that walk by: wolves, a dog, a fox, a cat, a deer, horses, a bear."""

from __future__ import annotations

from ..beast import KINDS, beast
from ..filmset import FilmSet
from ..stand import lit

WORDS = (
    "wolf, wolves, dog, hound, puppy, fox, cat, kitten, deer, stag, doe, reindeer, horse, horses, mare, stallion, "
    "pony, bear, animal, pack of wolves, beast"
)
NAMES = {"hound": "dog", "puppy": "dog", "kitten": "cat", "stag": "deer", "doe": "deer", "reindeer": "deer",
         "mare": "horse", "stallion": "horse", "pony": "horse", "beast": "wolf", "animal": "deer"}  # fmt: skip
TALL = {"wolf": 0.48, "dog": 0.34, "fox": 0.26, "cat": 0.19, "deer": 0.66, "horse": 0.9, "bear": 0.62}


def draw(film: FilmSet) -> None:
    from mvr.backends._words import lemmas

    told = [lemma for word in film.reading.words for lemma in lemmas(word)]
    kind = next((NAMES.get(word, word) for word in told if NAMES.get(word, word) in KINDS), "wolf")
    many = any(f"{word}s" in film.reading.words for word in (kind, *NAMES)) or "wolves" in film.reading.words
    chance = film.rng("animals")
    way = -film.side if film.cast else film.side
    stands = film.h * 0.5 if film.near else max(film.tall * 0.9, film.h * 0.3)
    tall = min(stands * TALL[kind], film.short * (0.21 if many else 0.42))
    feet = film.h * 0.86 if film.near else film.feet - film.tall * 0.02
    start = film.w * (0.5 - film.side * 0.27)
    pack = ((0.0, 0.0, 1.0), (-1.9, 0.14, 0.9), (1.85, 0.24, 0.82), (-3.6, 0.3, 0.75))
    herd = pack if many else pack[:1]
    calm = film.reading.size in ("close", "extreme close")
    moves = {} if calm else {"walk": way * tall * 0.34}
    for index, (along, back, size) in enumerate(reversed(herd)):
        each = tall * size
        x, y = start + along * tall * film.side * -1, feet - back * tall
        if not -tall < x < film.w + tall:
            continue
        wide = each * 2.0
        shade = film.part(
            f"animal-shadow-{index}", 0.95, (x - wide / 2, y - each * 0.16, wide, each * 0.32), 0.5, **moves
        )
        shade.glow(x, y, each * 0.75, film.palette.ink, 0.55, 0.16)
        box = (x - wide / 2, y - each * 1.95, wide, each * 2.05)
        papers = film.cycle(
            f"animal-{index}",
            0.96 - 0.1 * back,
            box,
            1 if calm else 8,
            **({"beats": 2.0, **moves} if moves else {"breath": 0.006}),
        )
        film.rim(film.palette.light, 1.6 if film.light[0] > x else -1.6, -1.2)
        turn = chance.random()
        for phase, paper in enumerate(papers):
            shadow = lit(film, "#30303c")
            beast(paper, kind, x, y, each, way, phase / 8 + turn, shadow, 0.3 if film.palette.dark else 0.12)
