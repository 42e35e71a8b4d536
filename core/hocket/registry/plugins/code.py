"""The code of installed packages, file by file: whether it is what was installed."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import PathDistribution
from importlib.metadata import distributions as listed
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hocket.errors import HocketError
from hocket.registry.receipts.receipt import Distribution, Placed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hocket.registry.plugins.environment import Environment
    from hocket.registry.receipts.receipt import Receipt

_CODE = (".py", ".so", ".pyd", ".dylib")


class Changed(NamedTuple):
    """A file that is not what was installed."""

    distribution: str
    path: str
    what: str
    """`changed`, `missing` or `added`."""


def taken(names: Iterable[str], environment: Environment) -> tuple[Distribution, ...]:
    """Hash the code of packages that were just installed."""
    there = _there(environment)
    return tuple(_hashed(there[name], name) for name in names if name in there)


def changes(receipt: Receipt, environment: Environment) -> tuple[Changed, ...]:
    """Compare the code with what was installed."""
    there = _there(environment)
    return tuple(one for told in receipt.distributions for one in _compared(told, there))


def unpinned(receipts: Iterable[Receipt], environment: Environment) -> tuple[str, ...]:
    """Name the plugins that came by another way: nobody knows what they were."""
    pinned = {one.name for receipt in receipts for one in receipt.distributions}
    found = environment.distributions.items()
    return tuple(n for n, one in found if one.is_plugin and n not in {*pinned, "hocket"})


def _compared(told: Distribution, there: dict[str, PathDistribution]) -> Iterator[Changed]:
    now = (
        {one.path: one for one in _hashed(there[told.name], told.name).files}
        if told.name in there
        else {}
    )
    was = {one.path: one for one in told.files}
    for path in sorted({*now, *was}):
        if path not in now:
            yield Changed(told.name, path, "missing")
        elif path not in was:
            yield Changed(told.name, path, "added")
        elif now[path].sha256 != was[path].sha256:
            yield Changed(told.name, path, "changed")


def _there(environment: Environment) -> dict[str, PathDistribution]:
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    found: dict[str, PathDistribution] = {}
    for one in listed(path=[*environment.folders]):
        name = one.metadata["Name"]
        if isinstance(one, PathDistribution) and name:
            found.setdefault(str(canonicalize_name(name)), one)
    return found


def _hashed(one: PathDistribution, name: str) -> Distribution:
    files = sorted(
        {
            str(file): Path(str(file.locate())) for file in one.files or () if _is_code(str(file))
        }.items()
    )
    placed = (Placed(path, "f", _sha256(name, where)) for path, where in files if where.is_file())
    return Distribution(name, one.version, tuple(placed))


def _is_code(path: str) -> bool:
    return path.endswith(_CODE) and not path.startswith("..")


def _sha256(name: str, path: Path) -> str:
    try:
        return f"sha256:{sha256(path.read_bytes()).hexdigest()}"
    except OSError as cause:
        raise HocketError(name, found=f"{path.name} cannot be read ({cause.strerror})") from cause
