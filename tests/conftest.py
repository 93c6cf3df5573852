"""Settings that every test shares."""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import Phase, settings

settings.register_profile("mvr", deadline=None)  # a busy machine is slow, not wrong
settings.register_profile("mutants", deadline=None, phases=[Phase.explicit, Phase.generate])  # a failure is enough
settings.load_profile("mvr")

# A shell starts its background jobs with SIGINT ignored, and children inherit that: tests of Ctrl-C would never end.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing may be skipped (`make test-models` sets MVR_TEST_MODELS), a skipped test is a failure."""
    told = session.config.pluginmanager.get_plugin("terminalreporter")
    if told is None:
        return
    skipped = told.stats.get("skipped", [])
    if os.environ.get("MVR_TEST_MODELS") and skipped:
        told.ensure_newline()
        told.write_line(f"{len(skipped)} skipped, and MVR_TEST_MODELS allows none", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
