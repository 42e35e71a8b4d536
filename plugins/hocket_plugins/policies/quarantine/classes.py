"""What a call is before it starts: a reader, an actor, both, or plain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.tools import TRUSTED, Label
from hocket_plugins.policies.quarantine.grants import NOTHING, Granting, Grants
from hocket_plugins.policies.quarantine.outside_files import OutsideFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.api.calls import Call
    from hocket.api.settings import PluginSettings
    from hocket_plugins.policies.quarantine.vault import Vault

PROMPT = "prompt"
"""The source of words that the script itself calls untrusted."""


@dataclass(frozen=True, slots=True)
class CallClass:
    """What a call may read and do, and what makes it so."""

    is_named: bool = False
    """Whether it names its tools; else it narrows itself while it runs."""
    grants: Grants = NOTHING
    files: tuple[str, ...] = ()
    """Attached files with words from outside."""
    is_untrusted: bool = False
    """Whether the script says `untrusted=True`."""
    handles: Mapping[str, str] = field(default_factory=dict[str, str])
    """The issued handles in its prompt."""

    @property
    def is_reader(self) -> bool:
        """Whether words from outside get to it for certain, or by a tool it names."""
        return self.is_given or bool(self.grants.reading or self.handles)

    @property
    def is_given(self) -> bool:
        """Whether the script itself hands it words from outside, other than by handles."""
        return self.is_untrusted or bool(self.files)

    @property
    def is_actor(self) -> bool:
        """Whether it names a tool with effects."""
        return bool(self.grants.acting)


class Classifier:
    """Gives the class of a call; schema and item have no say in it."""

    def __init__(self, settings: PluginSettings, vault: Vault) -> None:
        self._files = OutsideFiles(settings)
        self._granting = Granting(is_trusted=settings.is_trusted)
        self._vault = vault

    def of(self, call: Call) -> CallClass:
        """Look at what a call names, attaches and says."""
        options = call.options
        return CallClass(
            options.tools is not None,
            self._granting.of(options, self._vault.run),
            tuple(one.path for one in options.inputs if self._files.holds(one)),
            options.untrusted,
            self._vault.issued(call.prompt),
        )

    def label(self, kind: CallClass, seen: Label = TRUSTED) -> Label:
        """Join what a backend saw to what is known of a call without running it."""
        found = {*seen.sources, *kind.files, *([PROMPT] if kind.is_untrusted else [])}
        if kind.handles and not kind.is_untrusted:
            # A backend cannot see more of a framed prompt than that; the handles tell better.
            found.discard(PROMPT)
        for digest in kind.handles.values():
            content = self._vault.load(digest)
            found.update(content.sources if content else ())
        # A tool's name is the least one can say: only where nothing better is known.
        return Label(outside=True, sources=frozenset(found or kind.grants.reading))
