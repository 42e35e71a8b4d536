"""All rules that hold for a run, by what they do and who said them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from hocket.errors import UsageError
from hocket_plugins.policies.permissions.rules import Rule, parse
from hocket_plugins.policies.permissions.section import TITLE, Permissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hocket.api.settings import PluginSettings

Rules = tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What a person allowed, what is asked, what is denied, and what a card listed."""

    allow: Rules = ()
    ask: Rules = ()
    deny: Rules = ()
    listed: Rules = ()

    @classmethod
    def of(cls, settings: PluginSettings) -> Rulebook:
        """Put settings and this run's own rules together; raises UsageError for a wrong one."""
        section = settings.sections.get(TITLE)
        given = section if isinstance(section, Permissions) else Permissions()
        # Nobody vouches for a project's file, even where a loader would have let it through.
        is_foreign = settings.origins.get(f"{TITLE}.allow") == "project"
        own = settings.rules
        return cls(
            allow=_read([*(() if is_foreign else given.allow), *_typed("allow", own.allow)]),
            ask=_read(given.ask),
            deny=_read([*given.deny, *_typed("deny", own.deny)]),
            listed=_read(text for text in own.listed if _is_rule(text)),
        )

    def each(self) -> Iterator[tuple[str, Rule]]:
        """Give every rule with its kind, in the order in which they are asked."""
        kinds = {"deny": self.deny, "ask": self.ask, "allow": self.allow, "listed": self.listed}
        yield from ((kind, rule) for kind, rules in kinds.items() for rule in rules)


def _typed(kind: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Check what was typed as what stands in a file is checked."""
    for text in texts:
        try:
            Permissions.model_validate({kind: (text,)})
        except ValidationError as cause:
            raise UsageError(
                f"--{kind}",
                found=cause.errors()[0]["msg"].removeprefix("Value error, "),
                hint="Nothing was started.",
            ) from cause
    return texts


def _is_rule(text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _read(texts: Iterable[str]) -> Rules:
    return tuple(dict.fromkeys(map(parse, texts)))
