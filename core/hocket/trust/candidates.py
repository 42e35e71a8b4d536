"""A file that comes with a project and would have a say in it, as it is now."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.config.files import section
from hocket.config.layers import SHARED, TABLE
from hocket.trust.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hocket.trust.kinds import Kind

MOST_BYTES = 256 << 10
"""Nobody reads more than that before a yes."""
MOST_LINES = 5_000
"""From there on finding out which lines stayed takes too long: all are shown as changed."""

_SAFE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY


class State(StrEnum):
    """What became of a file since a person last agreed."""

    TRUSTED = "trusted"
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    UNFIT = "unfit"
    """It cannot be trusted as it is: too large, no regular file, or outside the project."""


FIT = frozenset({State.TRUSTED, State.NEW, State.CHANGED})
OPEN = frozenset({State.NEW, State.CHANGED})
"""What a person has to look at."""


class _Unfit(Exception):
    """Why a file cannot be trusted as it is."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that comes with a project, as it is now."""

    path: str
    """Relative to the project, with `/`."""
    state: State
    content: bytes = b""
    before: bytes | None = None
    """What was trusted; None when nothing was, or when it is not kept any more."""
    why: str = ""
    """Why it is unfit."""

    @property
    def kind(self) -> Kind:
        """What it would be."""
        return kind_of(self.path)

    @property
    def digest(self) -> str:
        """What a pin holds."""
        return sha256(self.content).hexdigest()

    def difference(self) -> list[str]:
        """Give the unified difference to what was trusted, as lines; all of a new file."""
        if self.state is State.TRUSTED:
            return []
        before, after = _lines(self.before or b""), _lines(self.content)
        if max(len(before), len(after)) > MOST_LINES:
            return [*(f"-{line}" for line in before), *(f"+{line}" for line in after)]
        return [*unified_diff(before, after, lineterm="")][2:]


def look(
    project: Path, path: str, pin: str | None, before: Callable[[str], bytes | None]
) -> Candidate:
    """Look at one file, which was trusted as `pin`; `before` gives the text of a digest."""
    try:
        content = _said(path, _content(project, path))
    except FileNotFoundError:
        return Candidate(path, State.GONE)
    except _Unfit as unfit:
        return Candidate(path, State.UNFIT, why=str(unfit))
    if pin is None:
        return Candidate(path, State.NEW, content)
    state = State.TRUSTED if sha256(content).hexdigest() == pin else State.CHANGED
    return Candidate(path, state, content, before(pin))


def _said(path: str, content: bytes) -> bytes:
    """Give what counts of a file: of the one that is shared with other programs, one table."""
    if path != SHARED:
        return content
    try:
        told = section(content, *TABLE)
    except (ValueError, RecursionError) as cause:
        raise _Unfit("it is not valid TOML") from cause
    if told is None:
        raise FileNotFoundError(path)
    return told


def _content(project: Path, path: str) -> bytes:
    """Read a file of the project; raises _Unfit, and FileNotFoundError.

    Should a folder become a link in between, nothing is lost: what was read is what is shown,
    and only the text that was shown is trusted.
    """
    root, real = os.path.realpath(project), os.path.realpath(project / path)
    if os.path.commonpath((root, real)) != root:
        raise _Unfit("it leads out of the project")
    try:
        if not stat.S_ISREG(os.lstat(real).st_mode):
            raise _Unfit("it is no regular file")
        with os.fdopen(os.open(real, _SAFE), "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as cause:
        raise _Unfit(f"it cannot be read ({cause.strerror})") from cause
    if len(content) > MOST_BYTES:
        raise _Unfit(f"it is larger than {MOST_BYTES >> 10} KiB")
    return content


def _lines(content: bytes) -> list[str]:
    r"""Split at `\n` alone: whatever else ends a line somewhere has to stay visible."""
    if not content:
        return []
    *lines, last = content.decode("utf-8", "backslashreplace").split("\n")
    return [*lines, last, "\\ no newline at the end"] if last else lines
