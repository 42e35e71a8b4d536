"""Everything that stops a command; a call that fails is data and never one of these.

HocketError                    failed 1
├── UsageError                 usage 2      typed, named or configured wrongly
│   ├── UnknownSetting
│   └── ScriptRejected
├── StructureError             structure 3  a plugin, lock or journal is not what it must be
│   ├── NameClash
│   ├── HookMisfit
│   ├── JournalDamaged
│   └── PackageRefused         its own 3    tree, digest, manifest, signature, serial, seen, source
├── RefusedError               consent 4    consent, policy, trust
├── NoSolution                 conflict 5   no versions go together
├── NotFound                   not-found 1  no registry has it
├── StorageLost                storage 1    the run's bytes are not what this process wrote
│   └── StorageFull
├── RunFailed                  failed 1
├── RunHeld                    held 1
├── RunSuspended               suspended 75
└── RunStopped                 stopped 130, or 143 by SIGTERM
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_SHOWN = 20


class HocketError(Exception):
    """An expected failure: two lines for a person, and an exit code."""

    code = "failed"
    exit_code = 1

    def __init__(self, who: str, *, found: str, expected: str = "", hint: str = "") -> None:
        self.who, self.found, self.expected, self.hint = who, found, expected, hint
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The one-line form: who, what was found, what was expected."""
        tail = f"; expected {self.expected}" if self.expected else ""
        return f"{self.who}: {self.found}{tail}."

    @property
    def lines(self) -> tuple[str, ...]:
        """The same for a terminal: a line each, whatever stands in one."""
        return (self.message,)


class UsageError(HocketError):
    """Something was typed, named or configured wrongly."""

    code = "usage"
    exit_code = 2


class UnknownSetting(UsageError):
    """A configuration file has a key nobody knows."""


class ScriptRejected(UsageError):
    """The checks found something; nothing ran. `findings` are `path:line:column: …` lines."""

    def __init__(self, path: str, findings: Sequence[str], hint: str = "") -> None:
        self.findings = tuple(findings)
        count = f"{len(self.findings)} findings" if len(self.findings) != 1 else "1 finding"
        super().__init__(path, found=f"refused by the checks, {count}", hint=hint)

    @property
    def message(self) -> str:
        """All findings, a line each."""
        return "\n".join(self.findings)

    @property
    def lines(self) -> tuple[str, ...]:
        """The findings."""
        return self.findings


class StructureError(HocketError):
    """A plugin, a bundle, a lock or a journal is not what it must be."""

    code = "structure"
    exit_code = 3


class NameClash(StructureError):
    """Two plugins offer the same name."""


class HookMisfit(StructureError):
    """A plugin implements a hook that does not exist, or as a coroutine."""


class JournalDamaged(StructureError):
    """Bytes of a journal that were durable once are not what was written."""


class PackageRefused(StructureError):
    """A package or a registry is not taken as it is; `problems` are all reasons, a line each."""

    def __init__(
        self, who: str, problems: Sequence[str], code: str, hint: str = "Nothing of it was taken."
    ) -> None:
        self.problems, self.code = tuple(problems), code
        count = len(self.problems)
        found = f"refused, {count} faults" if count != 1 else self.problems[0]
        super().__init__(who, found=found, hint=hint)

    @property
    def message(self) -> str:
        """All of them, a line each; of very many the first."""
        return "\n".join(self.lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """The problems, each with whose it is."""
        told = [f"{self.who}: {problem}" for problem in self.problems[:_MOST_SHOWN]]
        more = len(self.problems) - len(told)
        return (*told, f"{self.who}: and {more} more") if more else tuple(told)


class RefusedError(HocketError):
    """Consent, policy or trust is missing."""

    code = "consent"
    exit_code = 4


class NoSolution(HocketError):
    """No versions go together; `chains` tell which wishes clash."""

    code = "conflict"
    exit_code = 5

    def __init__(
        self, who: str, *, found: str, chains: tuple[str, ...] = (), hint: str = ""
    ) -> None:
        self.chains = chains
        super().__init__(who, found=found, hint=hint)

    @property
    def message(self) -> str:
        """What was found, then a line for each chain."""
        return "\n".join(self.lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """The same, apart."""
        return (f"{self.who}: {self.found}.", *(f"  {one}" for one in self.chains))


class NotFound(HocketError):
    """No registry has it."""

    code = "not-found"


class StorageLost(HocketError):
    """The bytes of a run on disk are no longer what this process wrote."""

    code = "storage"


class StorageFull(StorageLost):
    """The bytes of a run cannot be written: the disk is full, read-only or failing."""


class RunFailed(HocketError):
    """The script raised, broke a limit or could not go on."""


class RunHeld(HocketError):
    """Another process holds the run."""

    code = "held"


class RunSuspended(HocketError):
    """The run had to leave and can be resumed later."""

    code = "suspended"
    exit_code = 75


class RunStopped(HocketError):
    """A person stopped the run."""

    code = "stopped"
    exit_code = 130
