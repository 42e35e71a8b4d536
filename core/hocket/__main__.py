"""`python -m hocket` is the console script."""

from __future__ import annotations

import sys

from hocket.cli import main

# A worker that is spawned imports this file under another name.
if __name__ == "__main__":  # pragma: no branch
    sys.exit(main())
