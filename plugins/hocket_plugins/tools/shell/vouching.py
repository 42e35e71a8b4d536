"""Where the words that commands print come from.

Nobody looks into a command: which files it reads, none can tell from its words. So one file that
nobody vouches for is enough, and what any command prints counts as from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.tools import TRUSTED, Label

if TYPE_CHECKING:
    from hocket.api.settings import PluginSettings

PROJECT, SOME_FILES, NETWORK = "project", "outside_paths", "network"
"""The sources: a project nobody trusts, files of one that is trusted, other machines."""


def of_a_project(settings: PluginSettings) -> Label:
    """Say where the words of every command in a project come from."""
    sources = {PROJECT: not settings.is_trusted, SOME_FILES: bool(settings.outside)}
    named = frozenset(source for source, holds in sources.items() if holds)
    return Label(outside=True, sources=named) if named else TRUSTED


def of_a_command(*, network: bool) -> Label:
    """Say what a command adds to that: it may have asked another machine."""
    return Label(outside=True, sources=frozenset({NETWORK})) if network else TRUSTED
