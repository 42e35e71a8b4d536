"""What there is to agree to about a package beyond its capabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.consent.origins import host, locked_before, urls
from hocket.registry.indexes.rows import Kind
from hocket.registry.known.own import CORE
from hocket.registry.naming.similar import similar
from hocket.registry.receipts.receipt import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.registry.consent.granted import Granted
    from hocket.registry.installing.plan import Parcel, Plan, Step

CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Raised:
    """An id, and the sentence that tells a person why it is asked for."""

    id: str
    why: str


class Around:
    """A plan with what is known about its registries, to judge its steps one by one."""

    def __init__(self, plan: Plan, granted: Granted) -> None:
        before = locked_before(plan)
        self.granted = granted
        self.urls = urls(plan.lock.registries)
        self.signers = {one.name: one.signers for one in plan.lock.registries}
        # Where no lock tells it, the pin binds the name to the address it has now.
        self.urls_before = self.urls | (urls(before.registries) if before else {})
        self.locked = before.versions if before else {}
        # A package under a new name is the old one, and its owner should be too.
        self.formerly = {
            plan.renamed[step.key]: step.before.signer
            for step in plan.steps
            if step.key in plan.renamed and step.before
        }

    def raised(self, step: Step, parcel: Parcel) -> tuple[Raised, ...]:
        """Give all of it for one package, whether it was agreed to before or not."""
        return (
            *_python(step.key, parcel),
            *self._signer(step, parcel),
            *self._source(step, parcel),
            *self._similar(step),
            *self._shadows(step.key, parcel),
            *self._young(step, parcel),
            *_findings(parcel),
        )

    def _signer(self, step: Step, parcel: Parcel) -> Iterator[Raised]:
        registry = step.key.partition("/")[0]
        before = step.before.signer if step.before else self.formerly.get(step.key, "")
        if not parcel.signer and (before or self.signers.get(registry)):
            told = f"it was signed by {before}" if before else f"{registry} names its signers"
            yield Raised(f"unsigned:{step.key}", f"{step.key} is not signed, and {told}")
        elif before not in {"", parcel.signer}:
            told = f"{step.key} is signed by {parcel.signer}, no longer by {before}"
            yield Raised(f"signer:{parcel.fingerprint}", told)

    def _source(self, step: Step, parcel: Parcel) -> Iterator[Raised]:
        registry = step.key.partition("/")[0]
        if step.before is None:
            return
        here = host(parcel.row.reference, self.urls.get(registry, ""))
        before = host(step.before.source, self.urls_before.get(registry, ""))
        if here != before:
            yield Raised(f"source:{here}", f"{step.key} comes from {here}, no longer from {before}")

    def _similar(self, step: Step) -> Iterator[Raised]:
        name = step.key.rpartition("/")[2]
        if step.before is None and (other := similar(name, self.granted.known)):
            yield Raised(f"similar:{step.key}", f"{step.key} looks like {other}, which is known")

    def _shadows(self, key: str, parcel: Parcel) -> Iterator[Raised]:
        if key.startswith(f"{CORE}/"):
            return  # it is the built-in one
        for name in sorted(set(commands(parcel)) & set(self.granted.builtin)):
            yield Raised(f"shadow:/{name}", f"/{name} would hide the command that is built in")

    def _young(self, step: Step, parcel: Parcel) -> Iterator[Raised]:
        age = self.granted.ages.get(step.key.partition("/")[0])
        kept = {self.locked.get(step.key), step.before.version if step.before else None}
        if age is None or parcel.row.version in kept:
            return
        if parcel.row.published + age > self.granted.now:
            told = f"{step.key} {parcel.row.version} is younger than versions should be"
            yield Raised(f"young:{step.key}@{parcel.row.version}", told)


def commands(parcel: Parcel) -> tuple[str, ...]:
    """Give the commands that a package adds; one that is called after it goes by its folder."""
    folder = next((one.path for one in parcel.copies if one.place is Place.WORKFLOWS), "")
    names = parcel.row.commands
    return (folder,) if folder and names == (parcel.row.name,) else names


def _python(key: str, parcel: Parcel) -> Iterator[Raised]:
    if parcel.row.kind is Kind.PLUGIN or parcel.row.capabilities.python:
        told = f"{key} is Python code: it runs with your rights, and nothing limits it"
        yield Raised(f"python:{key}", told)


def _findings(parcel: Parcel) -> Iterator[Raised]:
    for one in parcel.findings:
        if one.level == CRITICAL:
            yield Raised(f"finding:{one.id}", f"{one.path}:{one.line} {one.text}")
