"""Puts the layers on top of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hocket.config.blocking import blockable
from hocket.config.caps import LOWERED_ONLY_BY, raises
from hocket.config.loaded import Loaded
from hocket.config.settings import PluginChoices, Settings
from hocket.config.validation import check_core, check_section, split, unknown
from hocket.errors import NameClash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel, JsonValue

    from hocket.config.layers import Layer

DEFAULT = "default"


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
        self.sections: dict[str, dict[str, JsonValue]] = {name: {} for name in models}
        self.sources: dict[tuple[str, str], Layer] = {}
        self.blocked: dict[str, str] = {}
        self.strangers: list[tuple[Layer, str]] = []
        self.notes: list[str] = []

    def add(self, layer: Layer) -> None:
        """Check a layer by itself, then let it win where it may."""
        parts = split(layer, self.models)
        given = check_core(layer, parts.core)
        for key in sorted(given.model_fields_set):
            self._put(layer, key, given)
        for name, table in parts.sections.items():
            self.sections[name].update(table)
            self.sources.update({(name, key): layer for key in table})
        self.strangers += [(layer, name) for name in parts.strangers]

    def loaded(self) -> Loaded:
        """Give the outcome; the sections are checked now, when they are whole."""
        for layer, name in self.strangers:
            self._stranger(layer, name)
        sections = {
            name: check_section(name, self.sections[name], model, self.sources)
            for name, model in self.models.items()
        }
        origins = {
            f"{name}.{key}": self.sources[name, key].origin(key)
            if (name, key) in self.sources
            else DEFAULT
            for name, model in self.models.items()
            for key in model.model_fields
        }
        kinds = {f"{name}.{key}": layer.kind for (name, key), layer in self.sources.items()}
        settings = Settings.model_validate(self.values)
        return Loaded(settings, self.origins | origins, sections, kinds, tuple(self.notes))

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
        elif key in LOWERED_ONLY_BY:
            self._cap(layer, key, cast("float", getattr(given, key)))
        else:
            self._set(layer, key, getattr(given, key))

    def _set(self, layer: Layer, key: str, value: object) -> None:
        self.values[key] = value
        self.origins[key] = layer.origin(key)

    def _cap(self, layer: Layer, key: str, offered: float) -> None:
        current = cast("float | None", self.values[key])
        was_given = self.origins[key] != DEFAULT
        if raises(key, layer.kind, offered, current, given=was_given):
            self.notes.append(
                f"{layer.place(key)}: {key} = {offered} does not hold; it stays {current} "
                f"({self.origins[key]}), which this place can only lower"
            )
        else:
            self._set(layer, key, offered)

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
