"""Public doubles: test a script or a plugin offline.

Names are loaded when they are first used, since pytest imports this package in every run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocket.testing.answers import NEVER, After, Each, Fail, Hang, Progress, Raise, Tokens
    from hocket.testing.clock import JumpingClock, JumpingLoop, run
    from hocket.testing.context import ScriptedContext
    from hocket.testing.models import ScriptedModel, ScriptedTurn, ScriptedUse
    from hocket.testing.patterns import PatternStage, run_pattern
    from hocket.testing.running import Outcome, Stage, resume_script, run_command, run_script
    from hocket.testing.sandbox import OpenSandbox
    from hocket.testing.scripted import ScriptedBackend
    from hocket.testing.sealing import ScriptedAccess
    from hocket.testing.tools import ScriptedToolContext

__all__ = [
    "NEVER",
    "After",
    "Each",
    "Fail",
    "Hang",
    "JumpingClock",
    "JumpingLoop",
    "OpenSandbox",
    "Outcome",
    "PatternStage",
    "Progress",
    "Raise",
    "ScriptedAccess",
    "ScriptedBackend",
    "ScriptedContext",
    "ScriptedModel",
    "ScriptedToolContext",
    "ScriptedTurn",
    "ScriptedUse",
    "Stage",
    "Tokens",
    "resume_script",
    "run",
    "run_command",
    "run_pattern",
    "run_script",
]

_HOMES = {
    **dict.fromkeys(
        ("NEVER", "After", "Each", "Fail", "Hang", "Progress", "Raise", "Tokens"), "answers"
    ),
    **dict.fromkeys(("JumpingClock", "JumpingLoop", "run"), "clock"),
    **dict.fromkeys(("PatternStage", "run_pattern"), "patterns"),
    **dict.fromkeys(("Outcome", "Stage", "resume_script", "run_command", "run_script"), "running"),
    **dict.fromkeys(("ScriptedModel", "ScriptedTurn", "ScriptedUse"), "models"),
    "OpenSandbox": "sandbox",
    "ScriptedAccess": "sealing",
    "ScriptedBackend": "scripted",
    "ScriptedContext": "context",
    "ScriptedToolContext": "tools",
}


def __getattr__(name: str) -> object:
    """Find a public name in the module that owns it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
