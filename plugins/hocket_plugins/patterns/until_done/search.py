"""The arguments: what is looked for, how it is checked, and when it is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field, JsonValue, model_validator

from hocket.api.patterns.arguments import PatternArguments
from hocket_plugins.patterns.until_done.lenses import LENSES, AnyLens, Lens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocket.api.calls import JsonObject

MOST = 100
"""Items that one finder may give; without a bound no forecast could be one."""


class Search(PatternArguments):
    """Finders, their lenses and their checks; `schema` is that of a finder's whole answer."""

    prompt: str = Field(min_length=1)
    key: str = Field(min_length=1)
    find: str = "items"
    same: str | None = None
    lenses: list[AnyLens] = Field(
        default=[Lens.model_validate({"say": text}) for text in LENSES],
        min_length=1,
        validate_default=False,
    )
    verify: dict[str, JsonValue] | None = None
    wave: int = Field(3, ge=1)
    min_agents: int = Field(6, ge=1)
    stop_below: float = Field(0.5, gt=0)
    value: float | None = Field(None, gt=0)
    """Dollars that one more item is worth."""
    max_agents: int = Field(30, ge=1)
    show_found: bool = False
    max_calls: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _finds_a_list(self) -> Self:
        if "schema" not in self.__pydantic_extra__:
            raise ValueError(f'schema is missing: that of an answer {{"{self.find}": [...]}}')
        if not self.listed:
            raise ValueError(f'schema has no list "{self.find}"; `find` names the list of items')
        if "claims" in (self.verify or {}):
            raise ValueError("verify: claims are what the finders find")
        return self

    @property
    def most(self) -> int:
        """How many items one finder may give."""
        told = self.listed.get("maxItems")
        return min(MOST, told) if isinstance(told, int) else MOST

    @property
    def shape(self) -> JsonObject:
        """The schema that finders get: theirs, with a bound on the list."""
        schema, properties = self._parts()
        listed: JsonValue = {**self.listed, "maxItems": self.most}
        return {**schema, "properties": {**properties, self.find: listed}}

    @property
    def first(self) -> int:
        """How many finders are certain to be needed; those that see others' finds come in waves."""
        wanted = self.wave if self.show_found else max(self.wave, self.min_agents)
        return min(wanted, self.max_agents)

    @property
    def listed(self) -> JsonObject:
        """The schema of the list of items."""
        listed = self._parts()[1].get(self.find)
        return listed if isinstance(listed, dict) else {}

    def checks(self, claims: Sequence[JsonValue], **measured: JsonValue) -> JsonObject:
        """Give the arguments of `verify`; known claims measure its voters once, not every wave."""
        given = {**self.__pydantic_extra__, **(self.verify or {}), **measured, "claims": [*claims]}
        left_out = {"schema", "controls" if measured or not claims else ""}
        return {name: value for name, value in given.items() if name not in left_out}

    def _parts(self) -> tuple[JsonObject, JsonObject]:
        schema = self.__pydantic_extra__.get("schema")
        found = schema if isinstance(schema, dict) else {}
        properties = found.get("properties")
        return found, properties if isinstance(properties, dict) else {}
