"""The stage that seals what readers answer, and opens it where it may be read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket_plugins.policies.quarantine import framing, handles, opening, reasons, releasing
from hocket_plugins.policies.quarantine.bounded import parted
from hocket_plugins.policies.quarantine.classes import Classifier
from hocket_plugins.policies.quarantine.section import theirs
from hocket_plugins.policies.quarantine.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.calls import Call, Outcome
    from hocket.api.protocols import Proceed
    from hocket.api.sealing import Released, RunAccess
    from hocket.api.settings import PluginSettings
    from hocket.api.tools import Label

POSITION = 150
"""Inside policies, which judge the call as it was asked; outside routing."""


class QuarantineStage:
    """Seals the answers of readers; all else passes through as it is."""

    name = "quarantine"
    position = POSITION

    def __init__(self, settings: PluginSettings) -> None:
        self._vault = Vault()
        self._classes = Classifier(settings, self._vault)
        self._gives_ids = theirs(settings).ids == "values"

    def attend(self, run: RunAccess) -> None:
        """Take what the run lends: its secret, its store, the handles of its earlier lives."""
        self._vault.attend(run)

    async def __call__(self, call: Call, proceed: Proceed) -> Outcome:
        """Proceed, and seal what the call came to if it had read from outside."""
        outcome = await proceed(call)
        kind = self._classes.of(call)
        if handles.has_pieces(call.prompt, kind.handles):
            self._vault.run.note(reasons.pieces(call.label))
        if not (kind.is_reader or outcome.label.outside):
            return self._passed(outcome)
        label = self._classes.label(kind, outcome.label)
        return self._sealed(call, replace(outcome, label=label))

    def _passed(self, outcome: Outcome) -> Outcome:
        """Leave it; handles that an actor got in place of words open after a resume as well."""
        quoted = self._vault.issued([outcome.value, outcome.partial])
        return replace(outcome, sealed={**outcome.sealed, **quoted}) if quoted else outcome

    def _sealed(self, call: Call, outcome: Outcome) -> Outcome:
        """Seal value and partial; state and cause are in hocket's own words and stay."""
        seals = _Seals(self._vault, outcome.label.sources)
        value, partial = outcome.value, outcome.partial
        if value is not None:
            value = parted(call.options.schema, value, seals.seal, ids=self._gives_ids)
        if partial is not None:
            partial = seals.seal("", partial)
        return replace(
            outcome, value=value, partial=partial, sealed={**outcome.sealed, **seals.given}
        )

    def holds(self, value: JsonValue) -> bool:
        """Say whether a handle stands anywhere in a value, issued or not."""
        return handles.holds_one(value)

    def issued(self, value: JsonValue) -> Mapping[str, str]:
        """Give the issued handles in a value, each with the digest of its content."""
        return self._vault.issued(value)

    def named(self, text: str) -> str:
        """Put the digest of its content for every issued handle; any other text stays."""
        known = self._vault.issued(text)
        return handles.replaced(text, lambda one: _naming(known.get(one)) or one) if known else text

    def framed(self, call: Call) -> Call:
        """Give the call as its agent gets it, with contents as data."""
        return framing.framed(call, self._vault)

    def revealed(self, value: JsonValue) -> JsonValue:
        """Put what stands behind them for all issued handles; raises LookupError for a lost one."""
        return opening.revealed(value, self._vault)

    def released(self, value: JsonValue) -> Released:
        """Do so for a person, inert and with the sources."""
        return releasing.released(value, self._vault)

    def withheld(self, text: str, label: Label) -> str:
        """Give the handle of a text that an agent with rights must not read."""
        return self._vault.seal(text, label.sources)[0]


@dataclass(slots=True)
class _Seals:
    """Seals the parts of one outcome, and knows what it gave for them."""

    vault: Vault
    sources: frozenset[str]
    given: dict[str, str] = field(default_factory=dict[str, str])

    def seal(self, place: str, value: JsonValue) -> str:  # noqa: ARG002  where it stood says nothing
        """Seal one part."""
        handle, digest = self.vault.seal(value, self.sources)
        self.given[handle] = digest
        return handle


def _naming(digest: str | None) -> str | None:
    return None if digest is None else f"\u27e6sha256:{digest}\u27e7"
