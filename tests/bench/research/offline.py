"""Print what the offline backend finds, refuses and judges on planted corpora, and how fast it is.

    python tests/bench/research/offline.py [new|old [FIRST [COUNT]]]
    python tests/bench/research/offline.py speed

It was tuned on the old wording, seeds 0 to 9; the figures that count are of the new wording and
seeds from 100 on.
"""

from __future__ import annotations

import sys
import time

from extracts import ROWS, figures, speed


def main() -> None:
    """Print the table, or the times."""
    if sys.argv[1:2] == ["speed"]:
        first, second = speed()
        print(f"100 files, 5,000 sentences: first answer {first:.2f} s, the next {second:.3f} s")
        print(f"of a processor in all: {time.process_time():.2f} s, imports included")
        return
    wording, first, count = [*sys.argv[1:], *("new", "100", "10")[len(sys.argv) - 1 :]]
    tally = figures(wording, range(int(first), int(first) + int(count)))
    for row, total, _ in ROWS:
        print(f"{row:40} {tally.share(row):.3f}  of {tally.counts[total]}")


if __name__ == "__main__":
    main()
