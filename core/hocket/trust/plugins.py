"""Plugins that come with a project: single files, imported from the bytes a person trusted.

They run in this process like any plugin. What is on the disk a moment later is never looked at.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from importlib.abc import InspectLoader
from importlib.machinery import ModuleSpec
from importlib.util import decode_source, module_from_spec
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from hocket.host.plugins import broken
from hocket.trust.candidates import State, look
from hocket.trust.kinds import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from types import ModuleType

    from hocket.trust.standing import Standing

PREFIX = "project."


class _Pinned(InspectLoader):
    """Gives a module its source out of memory; nothing compiled is kept anywhere."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def get_source(self, fullname: str) -> str:  # noqa: ARG002  (importlib's name)
        """Give the text in the encoding that it says it has."""
        return decode_source(self._content)


def trusted(standing: Standing) -> dict[str, bytes]:
    """Give the trusted plugin files of a project by the plugin's name, as they were pinned."""
    paths = [path for path in sorted(standing.pins) if kind_of(path) is Kind.PLUGINS]
    seen = [look(standing.root, path, standing.pins[path], _nothing) for path in paths]
    return {
        PREFIX + PurePosixPath(one.path).stem: one.content
        for one in seen
        if one.state is State.TRUSTED
    }


def loaded(standing: Standing, blocked: Collection[str]) -> dict[str, object]:
    """Import those that nobody blocked; raises StructureError that names the one that raises."""
    files = trusted(standing)
    return {name: _imported(name, files[name]) for name in files if name not in blocked}


def _imported(name: str, content: bytes) -> ModuleType:
    digest = sha256(content).hexdigest()
    # Two projects may have plugins of one name, and dataclasses look their module up.
    called = f"hocket_{name.replace('.', '_')}_{digest[:16]}"
    try:
        loader = _Pinned(content)
        spec = ModuleSpec(called, loader, origin=f"<{name}>")
        module = sys.modules[called] = module_from_spec(spec)
        loader.exec_module(module)
    except (Exception, SystemExit) as cause:
        sys.modules.pop(called, None)
        raise broken(name, "cannot be imported", cause) from cause
    return module


def _nothing(_digest: str) -> None:
    """Know no text of before."""
