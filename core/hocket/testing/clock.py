"""Time that jumps, for tests: when nothing is ready, the next timer is; an hour passes at once.

Tests that wait for child processes or other machines need real time.
"""

from __future__ import annotations

from hocket.estimate.jumping import EPOCH_MS, JumpingClock, JumpingLoop, run

__all__ = ["EPOCH_MS", "JumpingClock", "JumpingLoop", "run"]
