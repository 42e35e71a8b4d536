"""Runs a fan-out in the project that is named, for a process without a net; prints the report."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from office import Office

if __name__ == "__main__":
    played = Office(Path(sys.argv[1])).fan("id=#;", 20, serve=False)
    print(json.dumps(played.report))
