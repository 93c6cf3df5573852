"""Perspective: metres in front of the camera to units on the frame (a pinhole at eye height, looking level)."""

from __future__ import annotations

from dataclasses import dataclass

from .paper import Point, polygon

EYE = 1.6
"""Metres from the ground to the camera."""


@dataclass(frozen=True)
class Lens:
    """x: the vanishing point's; horizon: its y; focal: units that one metre at one metre's distance takes."""

    x: float
    horizon: float
    focal: float
    eye: float = EYE

    def at(self, x: float, up: float, z: float) -> Point:
        """Where a point lies: x metres right of the axis, `up` metres above the ground, z metres away."""
        scale = self.focal / z
        return self.x + x * scale, self.horizon + (self.eye - up) * scale

    def quad(self, *corners: tuple[float, float, float]) -> str:
        """Path data of a polygon in space."""
        return polygon([self.at(*corner) for corner in corners])
