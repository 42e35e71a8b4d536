"""W9: what 27 agents with one prefix cost, with and without the gate, on a server with a cache."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from figures import Figure

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from effort import Effort

STAGE = Path(__file__).parents[1] / "faults"
HOMES = ("HOME", "HOCKET_CONFIG_HOME", "HOCKET_DATA_HOME", "HOCKET_CACHE_HOME")
PREFIXES = {12_000: 0.63, 4_000: 0.21, 30_000: 1.55}
"""Tokens of a prefix, and what gating it is worth in dollars."""


def measure(effort: Effort) -> Iterator[Figure]:
    """Let them sing: tokens are the server's, and time passes at once."""
    sys.path.insert(0, str(STAGE))
    from choir import Choir  # noqa: PLC0415  (beside the tests that hold it to its bounds)
    from office import Office  # noqa: PLC0415

    def sung(prefix: int = 12_000, *, own: bool = False, **how: object) -> tuple[float, int]:
        with _stage() as project:
            said: tuple[float, int] = Choir(Office(project), prefix, own=own).sing(**how)
            return said

    gated, once = sung()
    yield _dollars("W9.gated", gated, 5.50, "the prefix is written once: hocket's default")
    yield Figure(key="W9.writes", value=once, unit="times", goal=1, exact=True, note="of a prefix")
    yield _dollars("W9.raced", sung(first_ms=6_000)[0], None, "16 first requests race")
    yield _dollars("W9.unshared", sung(own=True)[0], None, "each agent has a prefix of its own")
    yield _dollars("W9.uncached", sung(cached=False)[0], None, "no cache")
    for prefix in [12_000] if effort.quick else PREFIXES:
        gain = sung(prefix, first_ms=6_000)[0] - sung(prefix)[0]
        note = f"what the gate saves at {prefix:,} tokens; the table says {PREFIXES[prefix]:.2f}"
        yield _dollars(f"W9.gain_{prefix // 1000}k", gain, None, note)


def _dollars(key: str, value: float, goal: float | None, note: str) -> Figure:
    return Figure(key=key, value=value, unit="$", goal=goal, note=f"27 agents, 490 turns; {note}")


@contextmanager
def _stage() -> Generator[Path]:
    """Give a project in which nobody's own settings and keys count."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="hocket-bench-") as root:
        os.environ.update(dict.fromkeys(HOMES, root))
        os.environ["ANTHROPIC_API_KEY"] = "none"
        project = Path(root) / "project"
        (project / ".hocket").mkdir(parents=True)
        try:
            yield project
        finally:
            os.environ.clear()
            os.environ.update(before)
