"""The command line: one command per file; this one is the door.

`--version` is answered before anything is imported, and `--help` imports no command.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from hocket import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_COMPLETE = "_HOCKET_COMPLETE"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code; nothing is ever raised for an error."""
    # No list(): once its command is imported, that is the module of this name.
    args = [*(sys.argv[1:] if argv is None else argv)]
    if args == ["--version"] and _said_version():
        return 0
    if _COMPLETE in os.environ and _completed():
        return 0
    from hocket.cli._errors import guard
    from hocket.cli._group import run_root
    from hocket.cli._output import wants_json

    return guard(lambda: run_root(args), as_json=wants_json(args))


def _completed() -> bool:
    """Answer a shell without click, where the line is one of slash commands."""
    from hocket.cli import _completing

    return _completing.answered()


def _said_version() -> bool:
    """Answer without click, which costs more than the answer; a broken stdout goes the long way."""
    try:
        sys.stdout.write(f"hocket {__version__}\n")
        sys.stdout.flush()
    except (AttributeError, OSError):  # AttributeError: started with stdout closed, it is None
        return False
    return True
