"""Puts the layers on top of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hocket.config.blocking import blockable
from hocket.config.caps import LOWERED_ONLY_BY, raises
from hocket.config.loaded import Loaded
from hocket.config.packages import PACKAGES, Weighed, weighed
from hocket.config.sections import DEFAULT, Sections
from hocket.config.settings import PluginChoices, Settings
from hocket.config.tightening import tightening
from hocket.config.validation import check_core, split, unknown
from hocket.errors import NameClash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from hocket.config.layers import Layer
    from hocket.config.settings import ModelPrice, WorktreeChoices


PERSONS = frozenset({"trust", "trusted_folders"})
"""What no project says: it would trust itself."""


class Merge:
    """What holds so far; layers are added from the weakest to the strongest."""

    def __init__(self, models: Mapping[str, type[BaseModel]]) -> None:
        for name in models.keys() & Settings.model_fields.keys():
            raise NameClash(
                f"settings section '{name}'",
                found="offered by a plugin, and a setting of hocket",
                expected="one owner",
                hint="Give the plugin's model another title.",
            )
        self.models = models
        self.values: dict[str, object] = dict(Settings())
        self.origins = dict.fromkeys(self.values, DEFAULT)
        self.sections = Sections(models)
        self.blocked: dict[str, str] = {}
        self.strangers: list[tuple[Layer, str]] = []
        self.notes: list[str] = []

    def add(self, layer: Layer) -> None:
        """Check a layer by itself, then let it win where it may."""
        if not layer.held:
            layer, note = tightening(layer, self.models)
            self.notes.append(note)
        parts = split(layer, self.models)
        given = check_core(layer, parts.core)
        for key in sorted(given.model_fields_set):
            self._put(layer, key, given)
        for name, table in parts.sections.items():
            self.sections.add(layer, name, table)
        self.strangers += [(layer, name) for name in parts.strangers]

    def loaded(self) -> Loaded:
        """Give the outcome; the sections are checked now, when they are whole."""
        for layer, name in self.strangers:
            self._stranger(layer, name)
        return Loaded(
            Settings.model_validate(self.values),
            self.origins | self.sections.origins(),
            self.sections.checked(),
            self.sections.kinds(),
            (*self.notes, *self.sections.notes),
        )

    def _stranger(self, layer: Layer, name: str) -> None:
        if not self.blocked:
            raise unknown(layer, (name,), (*self.values, *self.models))
        self.notes.append(
            f"{layer.place(name)}: nobody reads [{name}]; it may belong to a blocked plugin"
        )

    def _put(self, layer: Layer, key: str, given: Settings) -> None:
        if key == "plugins":
            self._block(layer, given.plugins.block)
        elif key == "checks":
            self._checks(layer, given.checks)
        elif key == "prices":
            self._prices(layer, given.prices)
        elif key == "worktree":
            self._worktree(layer, given.worktree)
        elif key == "outside_paths":
            self._outside(layer, given.outside_paths)
        else:
            self._weigh(layer, key, given)

    def _weigh(self, layer: Layer, key: str, given: Settings) -> None:
        """Let one value win as far as its source may say it."""
        if key in PACKAGES:
            self._package(layer, key, given)
        elif key in PERSONS and layer.kind == "project":
            self._drop(layer, key)
        elif key in LOWERED_ONLY_BY:
            self._cap(layer, key, cast("float | str", getattr(given, key)))
        else:
            self._set(layer, key, getattr(given, key))

    def _set(self, layer: Layer, key: str, value: object) -> None:
        self.values[key] = value
        self.origins[key] = layer.origin(key)

    def _cap(self, layer: Layer, key: str, offered: float | str) -> None:
        current = cast("float | str | None", self.values[key])
        was_given = self.origins[key] != DEFAULT
        if raises(key, layer.kind, offered, current, given=was_given):
            self.notes.append(
                f"{layer.place(key)}: {key} = {offered} does not hold; it stays {current} "
                f"({self.origins[key]}), which this place can only lower"
            )
        else:
            self._set(layer, key, offered)

    def _package(self, layer: Layer, key: str, given: Settings) -> None:
        """Take what is said about packages as far as this source may say it."""
        said = Weighed(self.values[key], getattr(given, key), is_given=self.origins[key] != DEFAULT)
        value, note = weighed(key, layer.kind, said)
        if note:
            self.notes.append(f"{layer.place(key)}: {note}")
        if value != said.before or not note:
            self._set(layer, key, value)

    def _drop(self, layer: Layer, key: str) -> None:
        self.notes.append(f"{layer.place(key)}: a project cannot set {key}; it does not hold")

    def _outside(self, layer: Layer, globs: tuple[str, ...]) -> None:
        """Add to what is outside: no source takes away what another one said."""
        before = cast("tuple[str, ...]", self.values["outside_paths"])
        self.values["outside_paths"] = tuple(dict.fromkeys((*before, *globs)))
        known, new = self.origins["outside_paths"], layer.origin("outside_paths")
        self.origins["outside_paths"] = new if known == DEFAULT else f"{known}, {new}"

    def _block(self, layer: Layer, names: tuple[str, ...]) -> None:
        allowed = blockable(layer.kind, names)
        if kept := sorted(set(names) - set(allowed)):
            self.notes.append(
                f"{layer.place('plugins', 'block')}: a project cannot block a policy; "
                f"these stay: {', '.join(kept)}"
            )
        self.blocked |= dict.fromkeys(allowed, layer.origin("plugins"))
        self.values["plugins"] = PluginChoices(block=tuple(self.blocked))
        self.origins["plugins"] = ", ".join(dict.fromkeys(self.blocked.values())) or DEFAULT

    def _checks(self, layer: Layer, checks: dict[str, str | tuple[str, ...]]) -> None:
        self.values["checks"] = cast("dict[str, object]", self.values["checks"]) | checks
        self.origins |= {f"checks.{name}": layer.origin("checks") for name in checks}

    def _prices(self, layer: Layer, prices: dict[str, ModelPrice]) -> None:
        """Take a person's prices: with those of a stranger no budget in dollars would hold."""
        if layer.kind == "project":
            self.notes.append(
                f"{layer.place('prices')}: a project cannot say what models cost; "
                f"these do not hold: {', '.join(sorted(prices))}"
            )
            return
        self.values["prices"] = cast("dict[str, object]", self.values["prices"]) | prices
        self.origins |= {f"prices.{name}": layer.origin("prices") for name in prices}

    def _worktree(self, layer: Layer, told: WorktreeChoices) -> None:
        """Take what is told key by key; what runs or reaches out of a tree is a person's to say."""
        given = {name: getattr(told, name) for name in sorted(told.model_fields_set)}
        theirs = [name for name in given if layer.kind == "project" and name != "base"]
        if theirs:
            self.notes.append(
                f"{layer.place('worktree')}: a project cannot set {', '.join(theirs)} of its "
                f"worktrees; write it into your own settings"
            )
        held = {name: value for name, value in given.items() if name not in theirs}
        now = cast("WorktreeChoices", self.values["worktree"])
        self.values["worktree"] = now.model_copy(update=held)
        self.origins |= {f"worktree.{name}": layer.origin("worktree") for name in held}
