"""A pattern that is imported when it is first used: most scripts use none, or one."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel, JsonValue

    from hocket.api.patterns.context import CallCount, Pattern, PatternContext


class DeferredPattern:
    """Stands in for the pattern at `module:Class`; name and version are known beforehand."""

    def __init__(self, name: str, version: int, target: str) -> None:
        self.name = name
        self.version = version
        self._target = target

    @cached_property
    def loaded(self) -> Pattern:
        """The pattern itself, imported now at the latest."""
        module, _, name = self._target.partition(":")
        pattern: Pattern = getattr(import_module(module), name)()
        return pattern

    @property
    def arguments(self) -> type[BaseModel]:
        """The model of its arguments."""
        return self.loaded.arguments

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        """Run it."""
        return await self.loaded.run(context, arguments)

    def calls(self, arguments: BaseModel) -> CallCount:
        """Forecast the number of calls."""
        return self.loaded.calls(arguments)
