"""What the five tools have in common: the way in, and the way out for all that can go wrong."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import ValidationError

from hocket.api.tools import TRUSTED, ToolOutput
from hocket_plugins.tools.files.confinement import Confinement
from hocket_plugins.tools.files.input import Input
from hocket_plugins.tools.files.seen import Seen
from hocket_plugins.tools.files.trouble import Trouble, told
from hocket_plugins.tools.files.vouching import Vouching

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.tools import Effect, Label, ToolContext
    from hocket_plugins.tools.files.confinement import Place
    from hocket_plugins.tools.files.section import Files

Wish = TypeVar("Wish", bound=Input)


@dataclass(slots=True)
class Desk:
    """What one use of a file tool works with, and where the words it met come from."""

    context: ToolContext
    ground: Confinement
    seen: Seen
    vouching: Vouching = field(default_factory=Vouching)
    label: Label = TRUSTED

    def locate(self, path: str) -> Place:
        """Follow a path to its end; from then on its words count. Raises Trouble."""
        place = self.ground.locate(path)
        self.meet(place)
        return place

    def meet(self, *places: Place) -> None:
        """Let the words of files count, and their names."""
        self.label |= self.vouching.label(*places)


class FileTool(ABC, Generic[Wish]):
    """A tool that checks its input, does one thing, and puts every refusal into words."""

    name: str
    description: str
    effects: frozenset[Effect]
    input: type[Wish]

    def __init__(self, limits: Files, vouching: Vouching | None = None) -> None:
        self.limits = limits
        self._vouching = vouching or Vouching()
        self.input_schema: dict[str, JsonValue] = self.input.schema_for_models()

    @abstractmethod
    async def use(self, wish: Wish, desk: Desk) -> ToolOutput:
        """Do it; raises Trouble."""

    def shown(self, arguments: Mapping[str, JsonValue]) -> str:
        """Write `Tool(path)`, without detours in the path."""
        path = arguments.get("file_path", arguments.get("path", "."))
        return f"{self.name}({os.path.normpath(path) if isinstance(path, str) else ''})"

    async def run(self, arguments: Mapping[str, JsonValue], context: ToolContext) -> ToolOutput:
        """Do it, or say in the output why not; a reason quotes names, so it is labelled too."""
        seen = Seen.of(context, self.limits.edit_bytes)
        desk = Desk(context, Confinement(context.workspace), seen, self._vouching)
        output = await self._told(arguments, desk)
        label = output.label | desk.label | self._vouching.everywhere
        return replace(output, label=label, status="not done" if output.is_error else "done")

    async def _told(self, arguments: Mapping[str, JsonValue], desk: Desk) -> ToolOutput:
        try:
            return await self.use(self.input.model_validate(dict(arguments)), desk)
        except ValidationError as cause:
            return ToolOutput(_wrong(cause), is_error=True)
        except Trouble as cause:
            return ToolOutput(str(cause), is_error=True)
        except OSError as cause:
            return ToolOutput(str(told(self.name, cause)), is_error=True)


def _wrong(cause: ValidationError) -> str:
    findings = (
        f"{'.'.join(map(str, error['loc'])) or 'input'}: {error['msg'].lower()}"
        for error in cause.errors(include_url=False, include_input=False)
    )
    return f"the input is not as the schema says: {'; '.join(findings)}"
