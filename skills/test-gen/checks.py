"""Judge a new test by commands alone: it passes three times, and it notices a mutant.

Run in a worktree in which one test file was added. Its name says which lines it is for:
`test_gen__src__shop__prices__L12_18.py` is for lines 12 to 18 of `src/shop/prices.py`. The exit
code says what is wrong; what was killed is noted in the last line of an accepted test.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mutants import mutants

TIMES = 3
MOST = 10
SECONDS = 60
NOT_ONE_FILE, NOT_PASSING, NOT_NOTICING, NO_MUTANT = 3, 4, 5, 6
NAME = re.compile(r"(test_gen__.+)__L(\d+)_(\d+)\.py")
NOTE = "# hocket: killed "


def main() -> int:
    """Judge what was added here; nothing added is nothing to judge."""
    added = changed()
    if not added:
        return 0
    found = NAME.fullmatch(Path(added[0]).name)
    target = target_of(found[1]) if found else None
    if len(added) > 1 or found is None or target is None:
        say("change nothing but the one test file you were told; found:", *added)
        return NOT_ONE_FILE
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "tree"
        shutil.copytree(".", copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        return judged(copy, added[0], target, range(int(found[2]), int(found[3]) + 1))


def judged(copy: Path, test: str, target: str, lines: range) -> int:
    """Run the test as it is, then on each mutant of its lines."""
    for number in range(1, TIMES + 1):
        passed, output = run(copy, test)
        if not passed:
            say(f"it has to pass {TIMES} times in a row; run {number} failed:", output[-3000:])
            return NOT_PASSING
    path = copy / target
    source = path.read_text("utf-8")
    made = mutants(ast.parse(source), lines, MOST)
    if not made:
        say(f"no mutant can be made of lines {lines[0]} to {lines[-1]} of {target}")
        return NO_MUTANT
    survivors = []
    for name, text in made:
        path.write_text(text, "utf-8")
        if run(copy, test)[0]:
            survivors.append(name)
    if len(survivors) == len(made):
        say("it passes whatever these lines do. It has to fail on one of:", *survivors)
        return NOT_NOTICING
    note(Path(test), len(made) - len(survivors), len(made), survivors)
    return 0


def say(*lines: str) -> None:
    """Tell the agent that wrote the test."""
    sys.stdout.write("\n".join(lines) + "\n")


def run(folder: Path, test: str) -> tuple[bool, str]:
    """Run one test file by what it is written for; one that takes for ever fails."""
    is_unittest = "unittest" in (folder / test).read_text("utf-8")
    runner = ["unittest"] if is_unittest else ["pytest", "-q", "-p", "no:cacheprovider"]
    command = [sys.executable, "-B", "-m", *runner, test]
    try:
        done = subprocess.run(  # noqa: S603  (the project's own tests)
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False, f"it took more than {SECONDS} s"
    return done.returncode == 0, done.stdout + done.stderr


def changed() -> list[str]:
    """Name what differs from the commit this tree began with."""
    git = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false"]
    command = [*git, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  (git)
    return [entry[3:] for entry in done.stdout.split("\0") if entry]


def target_of(stem: str) -> str | None:
    """Find the file that a test's name is about."""
    for path in sorted(Path().rglob("*.py")):
        if "test_gen__" + path.as_posix().removesuffix(".py").replace("/", "__") == stem:
            return path.as_posix()
    return None


def note(test: Path, killed: int, of: int, survivors: list[str]) -> None:
    """Write at the end of the test what it noticed and what it did not."""
    lines = [line for line in test.read_text("utf-8").splitlines() if not line.startswith(NOTE)]
    left = f"; alive: {', '.join(survivors)}" if survivors else ""
    test.write_text("\n".join([*lines, f"{NOTE}{killed} of {of} mutants{left}"]) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
