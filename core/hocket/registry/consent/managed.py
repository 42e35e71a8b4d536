"""What the machine's owner rules out; no person can accept it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import RefusedError
from hocket.registry.capabilities.difference import allows, ids
from hocket.registry.consent.ids import ceiling_of, checked
from hocket.registry.indexes.rows import Kind
from hocket.registry.known.own import CORE
from hocket.registry.known.policy import fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.registry.consent.needed import Need, Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """The policies as the settings give them; by default nothing is ruled out."""

    allowed_registries: tuple[str, ...] | None = None
    """Addresses; one that ends in a slash allows all beneath it. None: any."""
    require_signatures: bool = False
    require_fresh: bool = False
    max_capabilities: tuple[str, ...] | None = None
    """Ids of capabilities; None: any."""
    allow_python_plugins: bool = True


def judge(needs: Needs, policy: Managed) -> None:
    """Raise RefusedError with every breach, each with the setting that rules it out."""
    found = tuple(dict.fromkeys(_breaches(needs, policy)))
    if found:
        raise RefusedError(
            "policy",
            found="; ".join(found),
            expected="what the settings of this machine allow",
            hint="Nobody can accept this away. Nothing was installed.",
        )


def _breaches(needs: Needs, policy: Managed) -> Iterator[str]:
    urls = {one.name: one.url for one in needs.plan.lock.registries}
    most = policy.max_capabilities
    table = None if most is None else ceiling_of(checked(most, "max_capabilities"))
    for need in needs.packages:
        registry = need.key.partition("/")[0]
        if registry != CORE:
            yield from _registry(registry, urls.get(registry, ""), policy)
            yield from _state(need, policy)
            if policy.require_fresh and registry in needs.granted.stale:
                yield f"the index of {registry} has expired (require_fresh)"
        if table is not None:
            over = [one for one in ids(need.asked) if one != "python" and not allows(table, one)]
            if over:
                yield f"{need.key} asks for {', '.join(over)} (max_capabilities)"
            if not need.asked.is_declared:
                yield f"{need.key} does not declare what it may do (max_capabilities)"


def _registry(name: str, url: str, policy: Managed) -> Iterator[str]:
    if policy.allowed_registries is None:
        return
    bare = url.removeprefix("git+")
    if not any(fits(bare, each.removeprefix("git+")) for each in policy.allowed_registries):
        yield f"the registry {name} is not allowed (allowed_registries)"


def _state(need: Need, policy: Managed) -> Iterator[str]:
    parcel = need.parcel
    # What only the lock says counts where it was verified on this machine before.
    is_verified = bool(parcel.signer) and not (parcel.is_hearsay and need.is_new)
    if policy.require_signatures and not is_verified:
        yield f"{need.key} is not signed (require_signatures)"
    if not policy.allow_python_plugins and need.parcel.row.kind is Kind.PLUGIN:
        yield f"{need.key} is Python code (allow_python_plugins)"
