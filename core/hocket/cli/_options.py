"""The options that `run` and `resume` share."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import click

from hocket.api.ceiling import KEYS
from hocket.api.settings import Rules

if TYPE_CHECKING:
    from pydantic import JsonValue

SETTINGS = ("concurrency", "max_agents", "budget_tokens", "budget_usd", "durability")
UNENFORCED = "unenforced:"
"""What the id of a limit begins with that a backend cannot hold."""
_TYPED = "hocket.typed"
FAILING = ("critical", "high", "medium", "low")
"""Severities of findings that can end a command with 1, the worst first."""
CHOICES = ("backend", "model", "effort", "router", "simulate", "replay")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What was typed about how to run."""

    args: str | None = None
    backend: str | None = None
    model: str | None = None
    effort: str | None = None
    router: str | None = None
    simulate: str | None = None
    replay: str | None = None
    concurrency: int | None = None
    max_agents: int | None = None
    budget_tokens: int | None = None
    budget_usd: float | None = None
    durability: str | None = None
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    cheap_later: bool = False
    retry_skipped: bool = False
    fresh: bool = False
    yes: bool = False
    estimate: bool = False
    out: str | None = None
    fail_on: str | None = None
    quiet: bool = False

    @property
    def flags(self) -> dict[str, JsonValue]:
        """The settings that were typed."""
        typed = {name: getattr(self, name) for name in SETTINGS}
        return {name: value for name, value in typed.items() if value is not None}

    @property
    def rules(self) -> Rules:
        """What was typed about what agents may do in this run."""
        return Rules(allow=self.allow, deny=self.deny)

    @property
    def choices(self) -> dict[str, str]:
        """The plugins that were chosen; options of a dry backend choose it."""
        typed = {name: getattr(self, name) for name in CHOICES}
        chosen = {name: value for name, value in typed.items() if value is not None}
        chosen.update({"cheap_later": "yes"} if self.cheap_later else {})
        if "backend" not in chosen:
            implied = [name for name in ("simulate", "replay") if name in chosen]
            chosen.update(dict.fromkeys(["backend"], implied[0]) if implied else {})
        return chosen


_OPTIONS = (
    click.Option(["--args"], metavar="JSON|@FILE", help="The script's arguments."),
    click.Option(["--backend"], metavar="NAME", help="What runs the agents."),
    click.Option(["--model"], metavar="NAME", help="The model for calls that name none."),
    click.Option(["--effort"], metavar="LEVEL", help="The effort for calls that name none."),
    click.Option(["--router"], metavar="NAME", help="What chooses model and effort."),
    click.Option(
        ["--simulate"],
        metavar="OPTIONS",
        help="Make answers up: latency=0.1,fail=0.05,seed=1 (implies --backend simulate).",
    ),
    click.Option(["--replay"], metavar="RUN", help="Answer from a recorded run."),
    click.Option(["--concurrency"], type=int, metavar="N", help="Agents at once, 1 to 256."),
    click.Option(["--max-agents"], type=int, metavar="N", help="Agents in all."),
    click.Option(["--budget-tokens"], type=int, metavar="N", help="Output tokens in all."),
    click.Option(["--budget-usd"], type=float, metavar="X", help="Dollars in all."),
    click.Option(["--durability"], metavar="write|sync", help="When a result counts as kept."),
    click.Option(
        ["--allow"],
        multiple=True,
        metavar="RULE",
        help='Let agents do this unasked, as in "Bash(npm test:*)"; again for more.',
    ),
    click.Option(
        ["--deny"], multiple=True, metavar="RULE", help="Never let agents do this; again for more."
    ),
    click.Option(
        ["--accept"],
        multiple=True,
        type=click.Choice([f"{UNENFORCED}{key}" for key in KEYS]),
        metavar="ID",
        help="Let go of a limit that the backend cannot hold: unenforced:shell; again for more.",
    ),
    click.Option(
        ["--cheap-later"],
        is_flag=True,
        help="Ask agents without tools in batches: half the price, up to a day later.",
    ),
    click.Option(["--retry-skipped"], is_flag=True, help="Run calls that a person skipped."),
    click.Option(["--fresh"], is_flag=True, help="Replay nothing; every call runs."),
    click.Option(
        ["--yes"],
        is_flag=True,
        help="Approve the script; its agents may do no more than rules and --allow say.",
    ),
    click.Option(
        ["--estimate"], is_flag=True, help="Estimate the cost before the run even if nobody looks."
    ),
    click.Option(["--out"], metavar="DIR", help="Put a copy of the report and the result there."),
    click.Option(
        ["--fail-on"],
        type=click.Choice(FAILING),
        help="Exit with 1 when a finding of this severity or worse holds.",
    ),
    click.Option(["--quiet", "-q"], is_flag=True, help="Show no progress."),
)


class GatheringCommand(click.Command):
    """A command that gets all these options as one `options` argument."""

    left_out: frozenset[str] = frozenset()
    """Options that mean nothing to it."""

    def __init__(self, name: str | None, **attributes: object) -> None:
        super().__init__(name, **attributes)  # type: ignore[arg-type]  # click's own attributes
        self.params += [option for option in _OPTIONS if option.name not in self.left_out]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remember what was typed, so that a hint can repeat it with one option more."""
        ctx.meta[_TYPED] = [*args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> None:
        """Gather the options, then run the command."""
        names = (field.name for field in fields(RunOptions) if field.name not in self.left_out)
        own = {name: ctx.params.pop(name) for name in names}
        ctx.params["options"] = RunOptions(**own)
        super().invoke(ctx)


class EstimatingCommand(GatheringCommand):
    """A command that only looks at how a run would go."""

    left_out = frozenset(
        {
            "durability",
            "accept",
            "cheap_later",
            "retry_skipped",
            "fresh",
            "yes",
            "estimate",
            "out",
            "fail_on",
            "quiet",
        }
    )


def typed_with(option: str) -> str:
    """Write the command that was typed with one option more, to be copied into a shell."""
    context = click.get_current_context()
    words: list[str] = context.meta[_TYPED]
    at = words.index("--") if "--" in words else len(words)
    command = [*context.command_path.split(), *words[:at], option, *words[at:]]
    return shlex.join(command)
