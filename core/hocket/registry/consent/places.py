"""Where packages come from and who signed them, as rows of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.consent.origins import urls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hocket.registry.consent.needed import Need, Needs

_REV, _FINGERPRINT = 12, 15


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the screen: a word of ours, and text that may be a stranger's."""

    label: str
    text: str


def facts(needs: Needs) -> tuple[Fact, ...]:
    """Give each source and each signer once, with the packages where there are several."""
    return (
        *_rows("source", needs, lambda need: _source(need, needs)),
        *_rows("signed", needs, lambda need: _signed(need, needs)),
    )


def _rows(label: str, needs: Needs, tell: Callable[[Need], str]) -> Iterator[Fact]:
    found: dict[str, list[str]] = {}
    for need in needs.packages:
        found.setdefault(tell(need), []).append(need.key)
    for text, keys in found.items():
        yield Fact(label, text if len(found) == 1 else f"{text}  ({', '.join(keys)})")


def _source(need: Need, needs: Needs) -> str:
    source, row = need.parcel.row.source, need.parcel.row
    if source is None:
        return f"{row.reference.removeprefix('requirement:')} by pip, each file by its hash"
    if source.git:
        return f"{_bare(source.git)} @ {source.rev[:_REV]}"
    if source.archive:
        return f"{_bare(source.archive)}  sha256 {source.sha256.removeprefix('sha256:')[:_REV]}"
    registry = need.key.partition("/")[0]
    place = next((one for one in needs.plan.lock.registries if one.name == registry), None)
    at = f" @ {place.rev[:_REV]}" if place and place.rev else ""
    url = urls(needs.plan.lock.registries).get(registry, "")
    return f"{_bare(url)}{at}" if url else source.path


def _signed(need: Need, needs: Needs) -> str:
    parcel = need.parcel
    if not parcel.signer:
        return "no"
    if parcel.is_hearsay:
        return f"{parcel.signer}, says hocket.lock; not verified"
    since = needs.granted.pinned.get(need.key.partition("/")[0])
    pinned = f"  pinned {since:%Y-%m-%d}" if since else ""
    short = f"{parcel.fingerprint[:_FINGERPRINT]}…" if parcel.fingerprint else ""
    return f"{parcel.signer}  {short}{pinned}".rstrip()


def _bare(url: str) -> str:
    return url.removeprefix("git+").removeprefix("https://")
