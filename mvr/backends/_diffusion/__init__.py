"""What painters and animators of diffusers share: weights, words, sizes, adapters, steps and pictures.

Heads import the standard library only; torch and diffusers arrive inside functions. What changes a picture is in the
key (a family's `identity`, the stage's recipe, files by their content); what changes only the speed is in none.
"""

from __future__ import annotations

VERSION = 1
"""Raised when what is shared here draws other pictures; every family's identity holds it."""
