"""Settings that every test shares."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("mvr", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("mvr")
