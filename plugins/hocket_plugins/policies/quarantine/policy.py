"""The policy that keeps what was read from outside and what has effects apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.approval import Judgement, Verdict
from hocket.api.tools import ACTING
from hocket_plugins.policies.quarantine import framing, reasons
from hocket_plugins.policies.quarantine.classes import Classifier
from hocket_plugins.policies.quarantine.vault import Vault

if TYPE_CHECKING:
    from hocket.api.approval import Use
    from hocket.api.calls import Call
    from hocket.api.sealing import RunAccess
    from hocket.api.settings import PluginSettings
    from hocket_plugins.policies.quarantine.classes import CallClass

FINE = Judgement(Verdict.ALLOW)


class QuarantinePolicy:
    """Readers do not act; actors get words from outside only if a person has read them."""

    name = "quarantine"

    def __init__(self, settings: PluginSettings) -> None:
        self._vault = Vault()
        self._classes = Classifier(settings, self._vault)

    def attend(self, run: RunAccess) -> None:
        """Take what the run lends."""
        self._vault.attend(run)

    def judge(self, call: Call) -> Judgement:
        """Deny a reader that acts by name; ask for an actor that would get words from outside."""
        kind = self._classes.of(call)
        if not kind.is_actor:
            return FINE
        if kind.grants.reading or kind.is_given:
            return Judgement(Verdict.DENY, reasons.both(kind))
        if not (kind.handles or self._vault.run.tainted):
            return FINE
        label = self._classes.label(kind)
        why = reasons.handed(kind, label) if kind.handles else reasons.tainted(kind)
        return Judgement(Verdict.ASK, why, framing.framed(call, self._vault).prompt)

    def judge_use(self, call: Call, use: Use) -> Judgement | None:
        """Close tools with effects to a call that has read from outside; else have no opinion."""
        if not use.effects & ACTING:
            return None
        kind = self._classes.of(call)
        if kind.is_actor:
            return self._of_actor(kind, use)
        if kind.is_reader or use.label.outside:
            label = self._classes.label(kind, use.label)
            return Judgement(Verdict.DENY, reasons.closed(use.tool, label))
        if self._vault.run.tainted:
            return Judgement(Verdict.ASK, reasons.TAINTED_USE)
        return None

    def _of_actor(self, kind: CallClass, use: Use) -> Judgement | None:
        """Let a named actor act, unless it read what nobody let it have.

        One that a person let through has words from outside in its prompt: as handles, or, where
        the call comes as its agent got it, framed and marked as untrusted.
        """
        if kind.grants.reading or kind.files:
            return Judgement(Verdict.DENY, reasons.both(kind))
        if use.label.outside and not (kind.handles or kind.is_untrusted):
            return Judgement(Verdict.DENY, reasons.closed(use.tool, use.label))
        return None
