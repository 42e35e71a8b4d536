"""The command line: one command per file; this one is the door.

`--version` is answered before anything is imported, and `--help` imports no command.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hocket import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code; nothing is ever raised for an error."""
    args = list(sys.argv[1:] if argv is None else argv)
    if args == ["--version"] and _said_version():
        return 0
    from hocket.cli._errors import guard
    from hocket.cli._group import run_root
    from hocket.cli._output import wants_json

    return guard(lambda: run_root(args), as_json=wants_json(args))


def _said_version() -> bool:
    """Answer without click, which costs more than the answer; a broken stdout goes the long way."""
    try:
        sys.stdout.write(f"hocket {__version__}\n")
        sys.stdout.flush()
    except (AttributeError, OSError):  # AttributeError: started with stdout closed, it is None
        return False
    return True
