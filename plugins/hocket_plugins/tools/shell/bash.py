"""The tool that runs a command."""

from __future__ import annotations

import os
from secrets import token_hex
from typing import TYPE_CHECKING

from pydantic import ValidationError

from hocket.api.tools import TRUSTED, Effect, Label, ToolOutput
from hocket_plugins.tools.shell import directory, enclosure, process, vouching
from hocket_plugins.tools.shell.input import SCHEMA, BashInput
from hocket_plugins.tools.shell.refusal import Refusal
from hocket_plugins.tools.shell.report import failed, how, told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from hocket.api.tools import ToolContext, Workspace
    from hocket_plugins.tools.shell.enclosure import Enclosure
    from hocket_plugins.tools.shell.section import Shell

_TELL_EVERY_S = 2.0


class Bash:
    """Runs each command in a fresh shell; only the working directory is carried over."""

    name = "Bash"
    description = (
        "Run a command in a fresh bash in the workspace. The working directory is carried over "
        "to the next command, variables are not; background processes end with the command. "
        "Of long output the first 4,000 and the last 12,000 characters are shown."
    )
    effects = frozenset({Effect.EXECUTE})
    input_schema: dict[str, JsonValue] = SCHEMA

    def __init__(self, settings: Shell, project: str = "", label: Label = TRUSTED) -> None:
        self._settings = settings
        self._project = project
        self._label = label
        """Where the words of every command come from, whatever it does."""

    def shown(self, arguments: Mapping[str, JsonValue]) -> str:
        """Write `Bash(command)`."""
        command = arguments.get("command")
        return f"Bash({command if isinstance(command, str) else ''})"

    def wrap(
        self, argv: tuple[str, ...], workspace: Workspace, *, network: bool
    ) -> tuple[str, ...] | None:
        """Put the sandbox around a command of somebody else, such as a check."""
        return enclosure.wrapped(
            self._settings, argv, workspace, network=network, project=self._project
        )

    async def run(self, arguments: Mapping[str, JsonValue], context: ToolContext) -> ToolOutput:
        """Run it to its end, or say in the output why not."""
        try:
            wish = BashInput.model_validate(dict(arguments), strict=True)
            around = await enclosure.choose(self._settings, context, wish.command, self._project)
        except ValidationError as cause:
            wrong = "not run: the input is not as the schema says"
            return ToolOutput(_wrong(cause), is_error=True, status=wrong)
        except Refusal as cause:
            return ToolOutput(str(cause), is_error=True, status=cause.status)
        return await self._run(wish, around, context)

    async def _run(self, wish: BashInput, around: Enclosure, context: ToolContext) -> ToolOutput:
        ground, folder = directory.ground_of(context), directory.current(context)
        order = around.order(wish.command, ground, folder, self._environment(context))
        seconds = wish.timeout_s or self._settings.timeout_s
        ended = await process.run(order, seconds, _signs_of_life(context))
        remarks = [f"shell: not sandboxed: {around.bare}"] if around.bare else []
        if not directory.carry(context, ended.folder):
            remarks.append(
                "no command begins where it ended: the next one begins in the workspace again"
            )
        elif now := directory.told(context):
            remarks.append(f"now in {now}")
        label = self._label | vouching.of_a_command(network=around.network)
        text = told(ended, seconds, remarks, context.keep)
        return ToolOutput(text, failed(ended), label, status=how(ended, seconds))

    def _environment(self, context: ToolContext) -> dict[str, str]:
        ceiling = context.workspace.ceiling
        wanted = [name for name in self._settings.environment if name in os.environ]
        more = [name for name in wanted if ceiling is None or name in ceiling.env]
        return {
            **context.environment,
            **{name: os.environ[name] for name in more},
            process.CALL: context.call_id,
            process.USE: token_hex(16),
        }


def _signs_of_life(context: ToolContext) -> Callable[[int], None]:
    said = context.clock.monotonic()

    def alive(size: int) -> None:
        nonlocal said
        now = context.clock.monotonic()
        if now - said >= _TELL_EVERY_S:
            said = now
            context.progress(f"Bash: {size:,} bytes so far")

    return alive


def _wrong(cause: ValidationError) -> str:
    findings = (
        f"{'.'.join(map(str, error['loc']))}: {error['msg'].lower()}"
        for error in cause.errors(include_url=False, include_input=False)
    )
    return f"the input is not as the schema says: {'; '.join(findings)}"
