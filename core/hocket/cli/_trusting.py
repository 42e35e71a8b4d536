"""A person looks at what came with a folder, and trusts it or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._candidates import lines, summary
from hocket.cli._output import tell
from hocket.errors import HocketError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.trust.candidates import Candidate
    from hocket.trust.standing import Standing
    from hocket.trust.store import Trust

QUESTION = "What came with this folder will hold as shown. Trust it? [y] yes  [N] no"
NOTHING_CHANGED = "Nothing is trusted that was not before."


def asked(standing: Standing, found: Sequence[Candidate]) -> bool:
    """Show everything and wait for one key; only `y` is a yes."""
    tell("\n".join([summary(standing), *lines(found), QUESTION]))
    return key() == "y"


def key() -> str:
    """Read one key; a keyboard that is gone, or at its end, says no."""
    try:
        return click.getchar(echo=False).lower()[:1]
    except (EOFError, OSError):
        return ""


def pin(store: Trust, standing: Standing, found: Sequence[Candidate]) -> None:
    """Trust the folder and what was shown; raises RefusedError, and HocketError."""
    if not standing.is_trusted and not standing.can_be_trusted:
        raise RefusedError(
            "trust",
            found=f"{standing.why} says that nobody trusts a folder here",
            expected="a folder that the machine's owner lists in trusted_folders",
            hint=NOTHING_CHANGED,
        )
    try:
        store.pin(standing.root, found)
    except OSError as cause:
        raise unkept(cause) from cause


def unkept(cause: OSError) -> HocketError:
    """Say that the person's own folder cannot keep what they said."""
    found = f"it could not be kept ({cause.strerror})"
    return HocketError("trust", found=found, expected="a data folder that can be written to")
