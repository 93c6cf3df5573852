"""What a remembered plan rests on."""

from __future__ import annotations

import os
from pathlib import Path

from mvr.snapshot import code_mark


def test_code_that_changed_leaves_another_mark(tmp_path: Path) -> None:
    """An edit of any module, or a new one, shows; other files do not."""
    inner = tmp_path / "stages"
    inner.mkdir()
    (inner / "cut.py").write_text("VERSION = 1\n")
    before = code_mark(tmp_path)
    (inner / "notes.txt").write_text("no code\n")
    assert code_mark(tmp_path) == before
    os.utime(inner / "cut.py", ns=(before[1] + 1, before[1] + 1))
    edited = code_mark(tmp_path)
    assert edited != before
    (tmp_path / "new.py").write_text("")
    os.utime(tmp_path / "new.py", ns=(0, 0))
    assert code_mark(tmp_path) not in (before, edited)
