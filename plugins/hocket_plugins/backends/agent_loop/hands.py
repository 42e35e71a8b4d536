"""Does what a turn asks for: every tool use gets its result, in the order of the uses."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hocket.api.approval import Use, Verdict
from hocket.api.messages import Media, Text, ToolResult
from hocket.api.tools import ACTING, Effect, ToolOutput
from hocket.errors import HocketError
from hocket_plugins.backends.agent_loop import answer, nudges
from hocket_plugins.backends.agent_loop.jobs import Job, rows
from hocket_plugins.backends.agent_loop.repeats import Repeats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocket.api.messages import ToolUse
    from hocket.api.protocols import CallContext
    from hocket.api.tools import Label
    from hocket_plugins.backends.agent_loop.toolset import Toolset
    from hocket_plugins.backends.agent_loop.transcript import Transcript


class Hands:
    """The tools of one call at work."""

    def __init__(
        self, context: CallContext, tools: Toolset, transcript: Transcript, parallel: int
    ) -> None:
        self._context = context
        self._tools = tools
        self._transcript = transcript
        self._free = asyncio.Semaphore(parallel)
        self._repeats = Repeats()
        self.written: list[str] = []
        """Uses that wrote something, as a rule would name them."""

    async def work(self, uses: Sequence[ToolUse], label: Label) -> list[ToolResult]:
        """Run all uses of a turn; `label` is where the words came from that asked for them."""
        results: dict[str, ToolResult] = {}
        jobs: list[Job] = []
        for use in uses:
            ready = self._prepared(use)
            if isinstance(ready, Job):
                jobs.append(ready)
            else:
                results[use.id] = _result(use, ready)
        lines = rows(jobs, self._context.tools.workspace.path)
        if len(lines) == 1:
            await self._row(lines[0], label, results)
        elif lines:
            await self._all(lines, label, results)
        return [results[use.id] for use in uses]

    def again(
        self, uses: Sequence[ToolUse], known: Mapping[str, ToolResult]
    ) -> dict[str, ToolResult]:
        """Give the results of an earlier life; nothing runs, but all of it counts."""
        for use in uses:
            ready = self._prepared(use)
            if isinstance(ready, Job) and ready.writes and not known[use.id].is_error:
                self.written.append(ready.tool.shown(ready.arguments))
        return {use.id: known[use.id] for use in uses}

    def _prepared(self, use: ToolUse) -> Job | ToolOutput:
        """Find the tool and read its input; whatever is wrong is told to the model."""
        tool = self._tools.tools.get(use.name)
        if tool is None:
            return _error(nudges.unknown_tool(use.name, [*self._tools.names]))
        try:
            arguments = answer.parsed(use.raw)
        except ValueError as wrong:
            self._repeats.bad()
            return _error(nudges.not_an_object(str(wrong)))
        note = self._repeats.good(use.name, arguments)
        return Job(use, tool, arguments, note)

    async def _all(
        self, lines: Sequence[Sequence[Job]], label: Label, results: dict[str, ToolResult]
    ) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for line in lines:
                    group.create_task(self._row(line, label, results))
        except ExceptionGroup as failures:
            # All that gets here is that the run's bytes are lost: the engine knows it by its class.
            raise failures.exceptions[0] from None

    async def _row(self, jobs: Sequence[Job], label: Label, results: dict[str, ToolResult]) -> None:
        for job in jobs:
            async with self._free:
                output = await self._done(job, label)
            results[job.use.id] = _result(job.use, output, job.note)

    async def _done(self, job: Job, label: Label) -> ToolOutput:
        """Use the tool if it is allowed; a tool that raises has a bug, which ends no agent."""
        name = job.use.name
        try:
            refusal = await self._refusal(job, label)
            if refusal is not None:
                return refusal
            self._context.progress(name)
            written = self._transcript.start(job.use, job.tool)
            if not written and job.tool.effects & ACTING:
                # A resume could not tell that it may have run.
                return _error(nudges.UNWRITTEN.format(shown=job.tool.shown(job.arguments)))
            output = await job.tool.run(job.arguments, self._context.tools)
            output = self._readable(output)
        except HocketError:
            raise
        except Exception as bug:  # noqa: BLE001  told to the model and written down
            output = _error(nudges.broke(name, type(bug).__name__))
        self._transcript.end(job.use, output)
        if Effect.WRITE_WORKSPACE in job.tool.effects and not output.is_error:
            self.written.append(job.tool.shown(job.arguments))
        return output

    def _readable(self, output: ToolOutput) -> ToolOutput:
        """Keep words from outside away from an agent that was given tools with effects by name.

        What acts must not read: it learns how its action ended, and can hand the rest on unread.
        """
        if not (output.label.outside and self._tools.acts):
            return output
        handle = self._context.withhold(output.text, output.label)
        if handle == output.text:
            return output
        words = nudges.withheld(output.status, handle, failed=output.is_error)
        return ToolOutput(words, output.is_error, status=output.status)

    async def _refusal(self, job: Job, label: Label) -> ToolOutput | None:
        tool, shown = job.tool, job.tool.shown(job.arguments)
        tree = self._context.tools.workspace.path
        use = Use(tool.name, shown, tool.effects, job.arguments, label, tree)
        judged = await self._context.decide(use)
        verdict = judged.verdict.name.lower()
        self._transcript.permission(job.use, shown, verdict, judged.reason)
        if judged.verdict is Verdict.ALLOW:
            return None
        return _error(nudges.denied(judged.reason, shown))


def joined(results: Sequence[ToolResult], label: Label) -> Label:
    """Join the labels of results to what was read before."""
    for result in results:
        label = label | result.label
    return label


def _result(use: ToolUse, output: ToolOutput, note: str = "") -> ToolResult:
    text = "\n\n".join(part for part in (output.text, note) if part)
    media = [Media(media_type=one.media_type, digest=one.digest) for one in output.attachments]
    # A result without a word would be refused by some services and puzzle any model.
    words = text if text.strip() else "" if media else "(no output)"
    content = (Text(text=words), *media) if words else tuple(media)
    return ToolResult(use_id=use.id, content=content, is_error=output.is_error, label=output.label)


def _error(text: str) -> ToolOutput:
    return ToolOutput(text, is_error=True)
