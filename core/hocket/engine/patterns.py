"""Patterns run here: their inner calls are ordinary calls, asked for by no script line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.patterns.templates import canonical
from hocket.engine import keys
from hocket.engine.branching import Branching
from hocket.engine.faults import ScriptFault
from hocket.engine.inner import Lent, LivePattern
from hocket.engine.screening import Screening
from hocket.errors import StorageLost

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import Pattern
    from hocket.engine.calls import Calls
    from hocket.engine.driver import Driver
    from hocket.engine.lending import Lending
    from hocket.engine.place import Inside
    from hocket.engine.services import Services

    Payload = dict[str, JsonValue]

_ARGS = "{args"
"""In a template: then the arguments of the run are arguments of the pattern, too."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A pattern with its arguments, as they were validated."""

    pattern: Pattern
    arguments: BaseModel
    key: str

    @property
    def seed(self) -> int:
        """A seed that depends on what the key depends on."""
        return int(self.key[:16], 16)


class Patterns:
    """Runs installed patterns for scripts."""

    def __init__(self, services: Services, calls: Calls, lending: Lending) -> None:
        self._installed = services.patterns
        self._seals = services.seals
        branching, screening = Branching(services, lending), Screening(services, lending)
        self._lent = Lent(services, calls, screening, branching)

    def bind(self, driver: Driver, payload: Mapping[str, JsonValue]) -> Bound:
        """Read a call of a pattern; its key is made of name, version and validated arguments."""
        pattern = self._found(str(payload.get("name")))
        arguments = _validated(pattern, payload.get("arguments"))
        given: JsonValue = arguments.model_dump(mode="json", exclude_defaults=True)
        identity: Payload = {
            "op": "pattern",
            "pattern": pattern.name,
            "version": pattern.version,
            "arguments": given,
        }
        if _ARGS in canonical(given):
            identity["args"] = driver.args
        return Bound(pattern, arguments, keys.key(identity, self._seals.named))

    async def run(self, driver: Driver, bound: Bound, inside: Inside) -> JsonValue:
        """Run the pattern to its result; misuse is a TypeError in the script."""
        context = LivePattern(self, self._lent, driver, (bound.seed, inside))
        try:
            return await bound.pattern.run(context, bound.arguments)
        except Exception as bug:  # one pattern's bug must not end the run
            raise _seen(bound.pattern.name, bug) from bug

    def _found(self, name: str) -> Pattern:
        pattern = self._installed.get(name)
        if pattern is None:
            known = ", ".join(sorted(self._installed)) or "none"
            raise ScriptFault("TypeError", f'pattern "{name}" is not installed; known: {known}')
        return pattern


def _validated(pattern: Pattern, arguments: JsonValue) -> BaseModel:
    from pydantic import ValidationError  # noqa: PLC0415  (only who uses patterns pays for it)

    try:
        return pattern.arguments.model_validate(arguments)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "arguments"
        message = first["msg"].removeprefix("Value error, ")
        raise ScriptFault("TypeError", f"{pattern.name}({place}): {message}") from None


def _seen(name: str, bug: Exception) -> ScriptFault | StorageLost:
    """Say what a script sees of an exception: its own fault, misuse by it, or the pattern's bug.

    A lost disk is nobody's bug: it ends the run, whoever noticed it.
    """
    first = next(_leaves(bug))
    if isinstance(first, (ScriptFault, StorageLost)):
        return first
    if isinstance(first, (TypeError, ValueError)) and str(first).startswith(_MISUSE):
        return ScriptFault(type(first).__name__, f"{name}: {first}")
    return ScriptFault("RuntimeError", f'pattern "{name}" raised {type(first).__name__}')


_MISUSE = ("agent(", "template:", "screen:")
"""How messages about what the caller gave begin; any other exception is a bug of the pattern."""


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """Walk down a group: concurrent calls of one wave raise in a group."""
    if isinstance(error, BaseExceptionGroup):
        for inside in error.exceptions:  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # of whatever
            yield from _leaves(inside)  # pyright: ignore[reportUnknownArgumentType]
    else:
        yield error
