"""The one place where an error becomes two lines for a person and an exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from traceback import format_exception, walk_tb
from typing import TYPE_CHECKING

import click
from click.exceptions import Exit, NoArgsIsHelpError, NoSuchOption

from hocket.cli._output import Answered, as_object, tell, write, write_json
from hocket.cli._text import inert
from hocket.errors import HocketError, RunStopped, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

BROKEN_PIPE = 141
"""What a shell reports for a program that SIGPIPE ended: nobody reads the rest."""


class OurBug(HocketError):
    """Something nobody expected: its traceback is printed, and a report is asked for."""

    code = "bug"
    exit_code = 70


def guard(action: Callable[[], None], *, as_json: bool) -> int:
    """Run a command to its exit code; what it raises is told on stderr, and as JSON if asked."""
    try:
        _never_choke()
        code = _attempt(action, as_json=as_json)
        _flush()
    except OSError as error:
        return _stdout_lost(error)
    return code


def _attempt(action: Callable[[], None], *, as_json: bool) -> int:
    try:
        action()
    except Exit as end:
        return end.exit_code
    except NoArgsIsHelpError as asked:
        write(asked.format_message())
        return 0
    except Answered as end:
        return _tell(end.failure)
    except (Exception, KeyboardInterrupt) as cause:  # noqa: BLE001 (a bug is shown with its trace)
        return _answered(_expected(cause), as_json=as_json)
    return 0


def _answered(error: HocketError, *, as_json: bool) -> int:
    if as_json:
        write_json({"error": as_object(error)})
    return _tell(error)


def _tell(error: HocketError) -> int:
    # Where stderr is closed or full nobody can be told; the exit code still says it.
    with suppress(OSError):
        tell(_lines(error))
    return error.exit_code


def _lines(error: HocketError) -> str:
    lines = [f"hocket: {inert(line)}" for line in error.lines]
    lines += [f"  {line}" for line in error.hint.splitlines()]
    return "\n".join(lines)


def _expected(cause: BaseException) -> HocketError:
    if isinstance(cause, HocketError):
        return cause
    if isinstance(cause, click.ClickException):
        return _usage(cause)
    if isinstance(cause, (KeyboardInterrupt, click.Abort)):
        return RunStopped("the command", found="stopped from the keyboard")
    if isinstance(cause, OSError) and _was_printing(cause):
        raise cause
    if isinstance(cause, FileNotFoundError) and _is_nowhere():
        return UsageError("the current folder", found="it was deleted", hint="Go to another one.")
    return _bug(cause)


def _usage(error: click.ClickException) -> UsageError:
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "hocket"
    who = command.removeprefix("hocket").strip() or "the command line"
    help_line = f"Help: {command} --help"
    if not isinstance(error, NoSuchOption):
        found = " ".join(error.format_message().split()).rstrip(".")
        return UsageError(who, found=found, hint=help_line)
    near = f"Did you mean '{error.possibilities[0]}'? " if error.possibilities else ""
    return UsageError(
        who,
        found=f"there is no option '{error.option_name}'",
        expected=f"one of {', '.join(_options(context))}",
        hint=near + help_line,
    )


def _options(context: click.Context | None) -> list[str]:
    """List the long names of the options that a command has."""
    parameters = context.command.get_params(context) if context else []
    shown = [each for each in parameters if isinstance(each, click.Option) and not each.hidden]
    return [max(each.opts, key=len) for each in shown]


def _is_nowhere() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 (asked for its error alone)
    except FileNotFoundError:
        return True
    return False


def _bug(cause: BaseException) -> OurBug:
    with suppress(OSError):
        tell("".join(format_exception(cause)).rstrip())
    return OurBug(
        "internal error",
        found=type(cause).__name__,
        hint="A bug of hocket or of a plugin: please report the lines above and what you typed.",
    )


def _never_choke() -> None:
    """Let a terminal that knows few characters show an escape instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _flush() -> None:
    if sys.stdout:  # None when hocket was started with stdout closed
        sys.stdout.flush()


def _was_printing(cause: OSError) -> bool:
    """Say whether stdout refused: an error of a stream names no file, so its trace has to tell."""
    return any(frame.f_code is click.echo.__code__ for frame, _ in walk_tb(cause.__traceback__))


def _stdout_lost(error: OSError) -> int:
    """End quietly when the reader left; say it when the answer could not be written."""
    # Python flushes stdout once more when it ends, and would complain.
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return BROKEN_PIPE
    lost = HocketError("stdout", found=f"the answer could not be written ({error.strerror})")
    return _tell(lost)
