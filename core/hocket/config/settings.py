"""Every setting of hocket's own, with what it means; a plugin adds a section of its own."""

from __future__ import annotations

import os
import re
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from hocket.config.processors import agents_at_once

Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def _inside(path: str) -> str:
    if not path or path.startswith("/") or ".." in path.split("/"):
        raise ValueError("must be a path inside the project")
    return path


Inside = Annotated[str, AfterValidator(_inside)]
"""A path that stays beneath where it begins."""


def _listed(value: object) -> object:
    """Read a list; a variable has its entries as PATH has them."""
    if isinstance(value, str):
        return tuple(filter(None, value.split(os.pathsep)))
    return tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]


def _absolute(path: str) -> str:
    if not os.path.isabs(os.path.expanduser(path)):  # noqa: PTH111, PTH117
        raise ValueError("must be an absolute path, or begin with ~")
    return path


Folder = Annotated[str, AfterValidator(_absolute)]
"""A path that means the same wherever it is read."""


def _age(text: str) -> str:
    if not re.fullmatch(r"0|[1-9][0-9]{0,3}[hd]", text, re.ASCII):
        raise ValueError("must be 0, or a number of hours or days: 12h, 1d")
    return text


Age = Annotated[str, AfterValidator(_age)]
"""How long something has been there."""


def hours(age: str) -> int:
    """Count the hours of an age."""
    return 0 if age == "0" else int(age[:-1]) * (24 if age.endswith("d") else 1)


Size = Literal["small", "medium", "large", "unlimited"]
"""How much a person wants looked at."""
SIZES = get_args(Size)
"""The smallest first."""


class PluginChoices(BaseModel):
    """Which plugins take part."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    block: tuple[str, ...] = ()
    """Plugins that are never imported. Every file adds to it; a project cannot block a policy."""


class ConsentChoices(BaseModel):
    """What packages may ask for without a question."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    allow: tuple[str, ...] = ()
    """Ids as `--accept` takes them. A project cannot add to it."""


class ModelPrice(BaseModel):
    """What a model costs, in dollars for a million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    input: Dollars
    """Tokens that are read."""
    output: Dollars
    """Tokens that are written."""
    cache_read: Dollars | None = None
    """Tokens that come from the service's cache; absent: what `input` costs."""
    cache_write: Dollars | None = None
    """Tokens that are put into that cache; absent: what `input` costs."""


class WorktreeChoices(BaseModel):
    """What the trees of isolated calls are made of."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    base: Literal["head", "tree"] = "head"
    """What they start from: the last commit, or the tree as it is with all that is uncommitted."""
    link: tuple[Inside, ...] = ()
    """Folders that git ignores and every tree gets a link to."""
    setup: tuple[str | tuple[str, ...], ...] = ()
    """Commands for every new tree, before its agent begins."""


class Settings(BaseModel):
    """What a person, a project and a machine's owner can decide beforehand."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    budget_tokens: Annotated[int, Field(gt=0)] | None = None
    """The most output tokens a run may spend. A project can only lower it."""

    budget_usd: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """The most dollars a run may spend. A project can only lower it."""

    concurrency: Annotated[int, Field(ge=1, le=256)] = Field(default_factory=agents_at_once)
    """Agents at once, by default two less than the processors, from 2 to 16. A project can only lower it."""  # noqa: E501

    max_agents: Annotated[int, Field(ge=1)] = 1000
    """Agents per run. A project or the environment can only lower it."""

    size: Size = "medium"
    """How thorough a command is that was not told: `quick` for small and medium, else `full`. A project can only lower it."""  # noqa: E501

    durability: Literal["write", "sync"] = "write"
    """Whether a result counts as kept once it is written (survives a kill) or synced (survives a power cut)."""  # noqa: E501

    redact: Literal["all", "known"] = "all"
    """Which secrets are taken out of what agents say: all that look like one, or only the known ones."""  # noqa: E501

    on_maybe_ran: Literal["run", "ask", "refuse"] = "run"
    """What a resume does with a call that has effects and was cut off: it may have run already."""

    auto_resume: bool = False
    """Whether a run that meets a provider's limit waits for the time it is lifted, and goes on."""

    prune_below: Annotated[float, Field(ge=0, le=1)] = 0.25
    """The share of a budget below which calls of optional phases, and those that add little, are left out; 0: never."""  # noqa: E501

    backend: str | None = None
    """The backend by name; without it the first that can work here."""

    model: str | None = None
    """The model for calls that name none."""

    effort: str | None = None
    """The effort for calls that name none."""

    router: str | None = None
    """The router by name: it chooses model and effort."""

    executor: str | None = None
    """Where calls run, by name: `local` is this process."""

    store: str | None = None
    """Where runs are kept, by name: `files` is the project's `.hocket/runs`."""

    trust: Literal["ask", "never"] = "ask"
    """Who can trust a project: with `"never"` nobody, and only `trusted_folders` of the managed settings count. A project cannot set it."""  # noqa: E501

    trusted_folders: Annotated[tuple[Folder, ...], BeforeValidator(_listed)] = ()
    """Folders in which everything that comes with a project holds as it is, unasked: for CI machines and containers. A project cannot set it."""  # noqa: E501

    outside_paths: Annotated[tuple[Inside, ...], BeforeValidator(_listed)] = ()
    """Files of the project whose words come from outside, as globs. Every source adds to it."""

    registries: dict[str, str] = {}
    """Registries by the name they have here: an https address, or a folder. A project may name some; each is used only once you have added it yourself (`hocket registry add`)."""  # noqa: E501

    min_age: Age = "1d"
    """How old a version of a package must be to be chosen: `0`, `12h`, `1d`. A project or the environment can only raise it."""  # noqa: E501

    consent: ConsentChoices = ConsentChoices()
    """`allow` lists ids that packages may ask for without a question, as `--accept` takes them. A project cannot set it."""  # noqa: E501

    allowed_registries: tuple[str, ...] | None = None
    """Addresses of the only registries that may be used; one that ends in `/` allows all beneath it. Of several lists holds what all have."""  # noqa: E501

    max_capabilities: tuple[str, ...] | None = None
    """The only capabilities that packages may ask for, as `--accept` takes them. Of several lists holds what all have."""  # noqa: E501

    require_signatures: bool = False
    """Whether packages must be signed. Once true, nobody takes it back."""

    require_fresh: bool = False
    """Whether the index of a registry must not have expired. Once true, nobody takes it back."""

    allow_python_plugins: bool = True
    """Whether packages that are Python code may be installed. Once false, nobody takes it back."""

    require_pinned_plugins: bool = False
    """Whether only plugins that hocket itself installed are imported. Once true, nobody takes it back."""  # noqa: E501

    plugins: PluginChoices = PluginChoices()
    """`block` lists plugins that are never imported."""

    checks: dict[str, str | tuple[str, ...]] = {}
    """Commands by name, for scripts that say `project:NAME`: a text for the shell, or a list without one."""  # noqa: E501

    prices: dict[str, ModelPrice] = {}
    """What models cost by name, in dollars for a million tokens: `{input = 1, output = 5}`, with `cache_read` and `cache_write`. They go before hocket's own table. A project cannot set them."""  # noqa: E501

    worktree: WorktreeChoices = WorktreeChoices()
    """Trees of isolated calls: `base` is `"head"` or `"tree"` (with what is uncommitted), `link` lists ignored folders to link to (`node_modules`), `setup` commands to run first. A project can set `base` alone."""  # noqa: E501
