"""Sends a wish to a live run."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.errors import RunHeld, UsageError

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.storage import Store

    Wish = dict[str, JsonValue]

PATIENCE_S = 5.0


def wish(store: Store, run_id: str, wanted: Wish) -> Wish:
    """Send one wish and give the answer; raises when nobody is there or the run says no."""
    if store.holder(run_id) is None:
        raise UsageError(
            f"run {run_id}",
            found="no process lives it now",
            expected="a live run",
            hint=f"Go on with it: hocket resume {run_id}",
        )
    answered = _asked(Path(store.path(run_id)), run_id, wanted)
    if not answered.get("ok"):
        raise UsageError(
            f"run {run_id}",
            found=str(answered.get("error", "it said no")),
            hint=f"See what is going on: hocket runs show {run_id}",
        )
    return answered


def _asked(folder: Path, run_id: str, wanted: Wish) -> Wish:
    try:
        directory = os.open(folder, os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
                peer.settimeout(PATIENCE_S)
                peer.connect(_address(folder, directory))
                peer.sendall(json.dumps(wanted).encode() + b"\n")
                answered: Wish = json.loads(peer.makefile("rb").readline())
                return answered
        finally:
            os.close(directory)
    except (OSError, ValueError) as error:
        raise RunHeld(
            f"run {run_id}",
            found=f"its process does not answer ({error})",
            expected=f"an answer within {PATIENCE_S:g} s",
            hint=f"Take it over: hocket resume --steal {run_id}",
        ) from error


def _address(folder: Path, directory: int) -> str:
    """Go through the descriptor where there is one: a socket path is limited to 108 bytes."""
    through = Path(f"/proc/self/fd/{directory}")
    return str((through if through.exists() else folder) / "control.sock")
