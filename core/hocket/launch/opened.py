"""A run that this process holds: made under a name of its own, with its script beside it."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import HocketError, RunHeld
from hocket.journal import recovery
from hocket.launch import languages

if TYPE_CHECKING:
    from hocket.api.storage import HeldRun
    from hocket.journal.past import Past
    from hocket.launch.prepare import Prepared

_TRIES = 16


@dataclass(frozen=True, slots=True)
class Opened:
    """A run that this process holds, and what its journal says so far."""

    run_id: str
    held: HeldRun
    past: Past


def new_run(prepared: Prepared) -> Opened:
    """Make a run and hold it; its id is short, and no other run of the project has it."""
    run_id, held = _made(prepared)
    try:
        keep_script(held, prepared)
        return Opened(run_id, held, recovery.open(held))
    except BaseException:
        held.release()
        # A disk that is full need not keep the beginning of a run that never was.
        with suppress(HocketError):
            prepared.project.store().remove(run_id)
        raise


def keep_script(held: HeldRun, prepared: Prepared) -> None:
    """Keep the run's own copy of its script; a resume takes it unless another is named."""
    script = prepared.script
    name = languages.file_name(prepared.project, script.language)
    source = script.source.encode()
    if held.read(name) != source:
        held.write(name, source)


def _made(prepared: Prepared) -> tuple[str, HeldRun]:
    """Try short names until one is free; another process may take one at the same moment."""
    store = prepared.project.store()
    for length in (*[2] * _TRIES, 8):
        run_id = secrets.token_hex(length)
        with suppress(RunHeld):
            return run_id, store.create(run_id)
    raise HocketError("the new run", found="no name is free", hint="Delete runs: hocket runs rm")
