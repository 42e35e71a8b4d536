"""File names as a model reads and writes them: text, even where the name on disk is none."""

from __future__ import annotations

import os
import re

from hocket_plugins.tools.files.trouble import Trouble

_ESCAPED = re.compile(r"\\x([89a-f][0-9a-f])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def shown(name: str) -> str:
    r"""Write a name on one line; bytes that are no UTF-8, and control characters, as `\xNN`."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def typed(name: str) -> str:
    """Read a name that a model wrote; raises Trouble for what no file can be called."""
    try:
        raw = os.fsencode(name)
    except UnicodeEncodeError as cause:
        raise Trouble("the path is not valid text") from cause
    if not raw or b"\0" in raw:
        raise Trouble("the path is empty or has a NUL in it")
    return name


def unescaped(name: str) -> str:
    r"""Turn `\xNN` of a shown name back into the byte it stands for."""
    return _ESCAPED.sub(lambda found: chr(0xDC00 + int(found[1], 16)), name)
