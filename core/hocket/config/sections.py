"""The plugins' sections: merged key by key, as each key says that it is to be merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hocket.api.settings import Setting
from hocket.config.validation import check_section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel, JsonValue

    from hocket.config.layers import Layer

    Table = dict[str, JsonValue]

DEFAULT = "default"


class _Said(NamedTuple):
    """What one source says of a key that adds up."""

    layer: Layer
    value: JsonValue

    @property
    def entries(self) -> list[JsonValue]:
        """The entries; what is no list has none, and is told about when it is checked."""
        return self.value if isinstance(self.value, list) else []


class Sections:
    """What holds so far of every plugin's section; layers are added from the weakest on."""

    def __init__(self, models: Mapping[str, type[BaseModel]]) -> None:
        self.models = models
        self.notes: list[str] = []
        self._values: dict[str, Table] = {name: {} for name in models}
        self._sources: dict[tuple[str, str], Layer] = {}
        self._added: dict[tuple[str, str], list[_Said]] = {}

    def add(self, layer: Layer, name: str, table: Table) -> None:
        """Let what a source says win, add up or be dropped, key by key."""
        known = marks(self.models[name])
        for key, value in table.items():
            mark = known.get(key)
            if mark is Setting.PERSON_ONLY and layer.kind == "project":
                self._drop(layer, name, key)
                continue
            adds_up = mark is Setting.ADDS_UP
            self._values[name][key] = self._sum(layer, (name, key), value) if adds_up else value
            self._sources[name, key] = layer

    def checked(self) -> dict[str, BaseModel]:
        """Check the sections now that they are whole; a message names the file it is about."""
        for (name, key), said in self._added.items():
            for layer, value in said:
                alone = {**self._values[name], key: value}
                places = {**self._sources, (name, key): layer}
                check_section(name, alone, self.models[name], places)
        return {
            name: check_section(name, self._values[name], model, self._sources)
            for name, model in self.models.items()
        }

    def origins(self) -> dict[str, str]:
        """Say where each key came from, and each entry of a list that adds up."""
        found = {
            f"{name}.{key}": self._origin(name, key)
            for name, model in self.models.items()
            for key in model.model_fields
        }
        for (name, key), said in self._added.items():
            for each in said:
                for one in each.entries:
                    found.setdefault(f"{name}.{key}.{one}", each.layer.origin(key))
        return found

    def kinds(self) -> dict[str, str]:
        """Say what kind of source said each key that somebody said."""
        return {f"{name}.{key}": layer.kind for (name, key), layer in self._sources.items()}

    def _sum(self, layer: Layer, place: tuple[str, str], value: JsonValue) -> JsonValue:
        said = self._added.setdefault(place, [])
        said.append(_Said(layer, value))
        whole: list[JsonValue] = []
        for one in (one for each in said for one in each.entries):
            # An entry may be anything, so it may not be hashable.
            if one not in whole:
                whole.append(one)
        return whole

    def _origin(self, name: str, key: str) -> str:
        if said := self._added.get((name, key)):
            return ", ".join(dict.fromkeys(layer.origin(key) for layer, _ in said))
        layer = self._sources.get((name, key))
        return DEFAULT if layer is None else layer.origin(key)

    def _drop(self, layer: Layer, name: str, key: str) -> None:
        self.notes.append(
            f"{layer.place(name, key)}: a project cannot set {name}.{key}; it does not hold. "
            "If you want it, set it in your own settings"
        )


def marks(model: type[BaseModel]) -> dict[str, Setting]:
    """Say of each key of a section how it is merged, where its plugin says so."""
    return {
        field.alias or key: mark
        for key, field in model.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, Setting)
    }
