"""Settings that every test shares."""

from __future__ import annotations

import signal

from hypothesis import Phase, settings

settings.register_profile("mvr", deadline=None)  # a busy machine is slow, not wrong
settings.register_profile("mutants", deadline=None, phases=[Phase.explicit, Phase.generate])  # a failure is enough
settings.load_profile("mvr")

# A shell starts its background jobs with SIGINT ignored, and children inherit that: tests of Ctrl-C would never end.
signal.signal(signal.SIGINT, signal.default_int_handler)
