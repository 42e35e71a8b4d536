"""A hocket plugin that hears a run, and writes when the events came that a workload asks for.

The bench installs it into the environment of one command only. Times are CLOCK_MONOTONIC.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.api.events import CallFinished, CallStarted, RunFinished, RunStarted
from hocket.api.markers import hookimpl

if TYPE_CHECKING:
    from hocket.api.events import Event

heard: dict[str, float] = {"replayed": 0}


@hookimpl
def hocket_event(event: Event) -> None:
    """Note the time of the run's start, its last replayed result and its first new call."""
    now = time.monotonic()
    if isinstance(event, RunStarted):
        heard["started"] = now
    elif isinstance(event, CallFinished) and event.replayed:
        heard["replayed"] += 1
        heard.setdefault("first_replayed", now)
        heard["last_replayed"] = now
    elif isinstance(event, CallStarted):
        heard.setdefault("first_new_call", now)
    elif isinstance(event, RunFinished):
        heard["finished"] = now
        Path(os.environ["BENCH_EAR"]).write_text(json.dumps(heard))
