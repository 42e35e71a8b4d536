"""The kernel's own limits, in processes of their own: full disk, file limit, read-only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hocket_plugins.stores.files.store import FilesStore

if TYPE_CHECKING:
    from pathlib import Path

FILL = """
import sys
from pathlib import Path
from hocket.errors import StorageFull
from hocket_plugins.stores.files import FilesStore
store = FilesStore(Path(sys.argv[1]))
spare = Path(sys.argv[1], "spare")
spare.write_bytes(b"x" * 16_000)
held = store.create("r")
lines = 0
try:
    while lines < 1000:
        held.append(b"x" * 999 + b"\\n")
        lines += 1
except StorageFull as full:
    print(full.found)
held.release()
journal = (store.peek("r", "journal.jsonl") or b"")
assert journal[: lines * 1000] == (b"x" * 999 + b"\\n") * lines
print(lines, len(journal) - lines * 1000)
spare.unlink()
held = store.hold("r")
held.cut(lines * 1000)
print(held.epoch)
"""
LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_500, 50_500))\n" + FILL


def heard(*command: str) -> list[str]:
    # Without coverage: its own file would meet the limits too.
    env = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def needs_namespaces() -> None:
    probe = ["unshare", "-rm", "true"]
    if not shutil.which("unshare") or subprocess.run(probe, check=False).returncode:
        pytest.skip("needs unshare and user namespaces")


def test_a_full_disk_ends_the_run_and_leaves_what_was_committed(tmp_path: Path) -> None:
    """Case 15, on a disk of 64 KB; when space is free again the run goes on."""
    needs_namespaces()
    mount = f'mount -t tmpfs -o size=64k tmpfs "{tmp_path}" && exec "$@"'

    found, counts, epoch = heard(
        "unshare", "-rm", "sh", "-c", mount, "-", sys.executable, "-c", FILL, str(tmp_path)
    )

    assert found == "cannot be written (No space left on device)"
    assert 10 < int(counts.split()[0]) < 64
    assert epoch == "2"


def test_a_file_limit_is_a_true_short_write_and_then_an_error(tmp_path: Path) -> None:
    """Case 19: half a line is stored first; it is cut by the next life."""
    found, counts, epoch = heard(sys.executable, "-c", LIMITED, str(tmp_path))

    assert found == "cannot be written (File too large)"
    assert counts == "50 500"
    assert epoch == "2"
    assert FilesStore(tmp_path).peek("r", "journal.jsonl") == (b"x" * 999 + b"\n") * 50


def test_a_read_only_folder_is_refused_before_anything_happens(tmp_path: Path) -> None:
    """Case 20, on a read-only mount."""
    needs_namespaces()
    mount = f'mount --bind "{tmp_path}" "{tmp_path}" && mount -o remount,bind,ro "{tmp_path}"'
    work = (
        "import sys; from pathlib import Path; from hocket.errors import StorageFull\n"
        "from hocket_plugins.stores.files import FilesStore\n"
        "try: FilesStore(Path(sys.argv[1])).create('r')\n"
        "except StorageFull as full: print(full.found)"
    )

    found = heard(
        "unshare", "-rm", "sh", "-c", f'{mount} && exec "$@"', "-",
        sys.executable, "-c", work, str(tmp_path),
    )  # fmt: skip

    assert found == ["cannot be written (Read-only file system)"]
    assert list(tmp_path.iterdir()) == []
