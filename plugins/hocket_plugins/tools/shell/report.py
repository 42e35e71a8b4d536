"""What a model is told about a command that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.tools.shell.output import MOST_BYTES, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hocket_plugins.tools.shell.process import Ended


def told(ended: Ended, seconds: float, remarks: Sequence[str], keep: Callable[[bytes], str]) -> str:
    """Write how it ended on one line, and below that what it printed, or both ends of it."""
    head = "; ".join((how(ended, seconds), *remarks))
    raw = ended.output.raw
    first, last = shown(raw)
    if not last:
        return f"[{head}]\n{first}" if first else f"[{head}]"
    whole = f"all {len(raw):,} bytes are kept as {keep(raw)}"
    return f"[{head}]\n{first}\n[… the middle is not shown; {whole} …]\n{last}"


def failed(ended: Ended) -> bool:
    """Say whether it ended otherwise than well."""
    return ended.code != 0 or ended.timed_out or ended.output.full


def how(ended: Ended, seconds: float) -> str:
    """Say how it ended, with no word of the command: this may be told where its output may not."""
    if ended.output.full:
        return f"stopped: it printed more than {MOST_BYTES:,} bytes"
    if ended.timed_out:
        return f"stopped after {seconds:g} s"
    return "the shell was killed" if ended.code is None else f"exit code {ended.code}"
