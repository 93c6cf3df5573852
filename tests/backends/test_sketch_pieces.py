"""The sketch's pieces: what of a layer is laid on a frame."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from mvr.backends.sketch import pieces

EDGES = some.integers(0, 300)
BOXES = some.lists(some.tuples(EDGES, EDGES, EDGES, EDGES, some.sampled_from((40, 255))), max_size=4)


@given(BOXES)
def test_pieces_hold_all_that_shows_once_and_call_opaque_what_is(boxes: list[tuple[int, int, int, int, int]]) -> None:
    """Whatever a picture shows lies in exactly one piece, and a piece that is copied hides all behind it."""
    alpha = np.zeros((300, 280), np.uint8)
    for left, top, right, bottom, value in boxes:
        alpha[min(top, bottom) : max(top, bottom), min(left, right) : max(left, right)] = value
    held = np.zeros(alpha.shape, int)
    for piece in pieces.cut(alpha, 4.0):
        part = slice(piece.top, piece.bottom), slice(piece.left, piece.right)
        held[part] += 1
        assert not piece.opaque or alpha[part].min() >= 254
    assert held.max(initial=0) <= 1
    assert (held[alpha > 0] == 1).all()


def test_a_skyline_is_blended_only_along_its_outline() -> None:
    """What is clear above roofs is not laid, and what is opaque below them is not blended."""
    alpha = np.zeros((960, 1280), np.uint8)
    alpha[400:] = 255
    alpha[320:400, ::2] = 255
    found = pieces.cut(alpha)
    assert all(piece.top >= 288 for piece in found)
    blended = sum((one.right - one.left) * (one.bottom - one.top) for one in found if not one.opaque)
    assert any(one.opaque for one in found)
    assert blended < 0.2 * alpha.size
