"""The arguments of a pattern: its own fields, and the options of `agent()` for its inner calls."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue, model_validator

from hocket.api.calls import CALL_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping


def _known(options: JsonValue) -> JsonValue:
    """Refuse what is no option of `agent()`, with the nearest name."""
    for name in options if isinstance(options, dict) else ():
        if name not in CALL_OPTIONS:
            near = difflib.get_close_matches(name, CALL_OPTIONS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(CALL_OPTIONS)}"
            raise ValueError(f"'{name}' is no option of agent(); {hint}")
    return options


CallOptions = Annotated[dict[str, JsonValue], BeforeValidator(_known)]
"""Options for the calls of one role, such as `judge={"model": "small"}`."""


class PatternArguments(BaseModel):
    """What every pattern takes: `**call`, the options of `agent()`, beside its own fields.

    The first required fields of a pattern are its positional arguments, in this order.
    """

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)
    __pydantic_extra__: dict[str, JsonValue]  # pyright: ignore[reportIncompatibleVariableOverride]

    @model_validator(mode="after")
    def _options_are_known(self) -> Self:
        _known({**self.__pydantic_extra__})
        return self

    def options(
        self, role: str, given: Mapping[str, JsonValue] | None = None, **fixed: JsonValue
    ) -> dict[str, JsonValue]:
        """Give the options of an inner call: those of the pattern, of its role, and its own.

        What is None says nothing; `phase` and `label` of the pattern's caller stay in force.
        """
        merged = {**self.__pydantic_extra__, **(given or {}), **fixed, "role": role}
        return {name: value for name, value in merged.items() if value is not None}
