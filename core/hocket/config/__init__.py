"""Settings: managed > flags > environment > project > user > defaults; unknown is an error.

Importing this loads no pydantic: `load` does, when it is called.
"""

from __future__ import annotations

from hocket.config.blocking import blocked, pins_plugins
from hocket.config.loaded import Loaded
from hocket.config.loading import load
from hocket.config.trusting import Trusting, trusting

__all__ = ["Loaded", "Trusting", "blocked", "load", "pins_plugins", "trusting"]
