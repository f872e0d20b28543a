"""Which files a server on this machine deploys again."""

from __future__ import annotations

import os
from pathlib import Path

from tools.local_aws.watched import Watched


def test_what_came_went_or_was_written_is_told_once(tmp_path: Path) -> None:
    kept, gone, other = (tmp_path / "a" / name for name in ("kept.py", "gone.py", "other.py"))
    for file in (kept, gone, other):
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    watched = Watched([tmp_path / "a", tmp_path / "missing"])
    assert watched.changed() == []
    os.utime(kept, ns=(0, 1))
    gone.unlink()
    (tmp_path / "a" / "new.py").touch()
    cached = tmp_path / "a" / "__pycache__" / "kept.pyc"
    cached.parent.mkdir()
    cached.touch()
    assert [file.name for file in watched.changed()] == ["gone.py", "kept.py", "new.py"]
    assert watched.changed() == []
