"""The fixtures, as a stranger's test meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

import hocket.testing
from hocket.testing import JumpingClock, run


def test_the_clock_jumps(hocket_clock: JumpingClock):
    async def story() -> float:
        await hocket_clock.sleep(3600)
        return hocket_clock.monotonic()

    assert run(story()) == 3600


def test_the_project_is_empty_and_so_are_the_persons_folders(hocket_project: Path):
    assert [path.name for path in hocket_project.iterdir()] == [".hocket"]
    for name in ("HOME", "USERPROFILE", "HOCKET_CONFIG_HOME", "HOCKET_DATA_HOME"):
        home = Path(os.environ[name])
        assert home.is_relative_to(hocket_project.parent)
        assert not list(home.iterdir())


def test_loading_it_imports_neither_asyncio_nor_an_engine():
    code = dedent("""
        import sys
        before = set(sys.modules)
        import hocket.testing.pytest_plugin
        heavy = {"asyncio", "pydantic", "click", "rich", "jsonschema", "hocket.engine"}
        print(sorted(heavy & (set(sys.modules) - before)))
    """)
    probe = ["-c", f"import pytest\n{code}"]
    done = subprocess.run([sys.executable, *probe], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_public_name_is_there_from_its_own_module_and_no_other():
    for name in hocket.testing.__all__:
        home = getattr(getattr(hocket.testing, name), "__module__", "hocket.testing")
        # Time that jumps is the estimate's own as well.
        assert home.startswith(("hocket.testing", "hocket.estimate.jumping")), name
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        _ = hocket.testing.Nonsense
