"""What a person may write about permissions in a configuration file."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from hocket.api.settings import Setting
from hocket_plugins.policies.permissions import commands, urls
from hocket_plugins.policies.permissions.rules import ADDRESSES, COMMANDS, Rule, parse

TITLE = "permissions"


def _checked(text: str) -> str:
    rule = parse(text)
    if rule.tool in ADDRESSES and rule.what is not None and not urls.is_domain(rule.what):
        raise ValueError(f"'{text}' names no host; write {rule.tool}(domain:example.org)")
    return str(rule)


def _allowing(text: str) -> str:
    rule = parse(_checked(text))
    if "*" in rule.tool and not rule.tool.startswith("mcp__"):
        raise ValueError(f"'{text}' would allow tools it does not name; name them")
    if reason := _never(rule):
        raise ValueError(f"'{text}' can allow nothing: {reason}, and such lines are always asked")
    return str(rule)


def _never(rule: Rule) -> str | None:
    if rule.tool not in COMMANDS or rule.what is None:
        return None
    return commands.why_never(rule.what)


class Permissions(BaseModel):
    """The section `permissions`: rules for tools, as `Edit(src/**)` or `Bash(npm test:*)`.

    `deny` goes before `ask`, `ask` before `allow`; what no rule is about is asked, and refused
    where nobody can answer. Files of the workspace may be read without a rule.
    """

    model_config = ConfigDict(
        title=TITLE, extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    allow: Annotated[
        tuple[Annotated[str, AfterValidator(_allowing)], ...], Setting.PERSON_ONLY
    ] = ()
    """What agents may do unasked. Of a shell line every command has to be named word by word."""
    ask: Annotated[tuple[Annotated[str, AfterValidator(_checked)], ...], Setting.ADDS_UP] = ()
    """What is asked each time, even if it is allowed as well. Every file adds to it."""
    deny: Annotated[tuple[Annotated[str, AfterValidator(_checked)], ...], Setting.ADDS_UP] = ()
    """What is never done. Matches loosely: the words of a command anywhere in a line. Every file adds to it."""  # noqa: E501
