"""`python -m hocket.testing.standin`: print the URL, serve until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from hocket.errors import UsageError
from hocket.testing.standin.rules import rules_of
from hocket.testing.standin.server import StandIn


def main() -> int:
    """Read the options and serve; exit code 2 for rules that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m hocket.testing.standin", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--rules", type=Path, help="a JSON file of rules")
    parser.add_argument("--seed", type=int, default=0, help="of cuts and signatures")
    options = parser.parse_args()
    try:
        rules = rules_of(options.rules) if options.rules else []
    except UsageError as error:
        sys.stderr.write(f"{error.message}\n")
        return error.exit_code
    asyncio.run(_serve(StandIn(rules=rules, seed=options.seed, port=options.port)))
    return 0


async def _serve(standin: StandIn) -> None:
    over = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, over.set)
    async with standin as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await over.wait()


# A test that imports this file starts no server.
if __name__ == "__main__":  # pragma: no branch
    sys.exit(main())
