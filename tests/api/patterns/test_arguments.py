"""The options of `agent()` that every pattern takes for its inner calls."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from hocket.api.calls import CALL_OPTIONS
from hocket.api.patterns.arguments import CallOptions, PatternArguments
from hocket.scripts import stubs


class Judging(PatternArguments):
    items: list[str]
    judge: CallOptions | None = None


def test_they_are_the_options_of_a_script():
    assert tuple(stubs.OPTIONS) == CALL_OPTIONS


def test_they_go_to_every_call_and_a_role_overrides_them():
    given = Judging(items=[], judge={"model": "small"}, model="large", effort="high", label=None)

    assert given.options("find") == {"model": "large", "effort": "high", "role": "find"}
    assert given.options("judge", given.judge, tools=[]) == {
        "model": "small",
        "effort": "high",
        "tools": [],
        "role": "judge",
    }


@pytest.mark.parametrize(
    "given", [{"modl": "small"}, {"judge": {"modl": "small"}}, {"role": "vote"}]
)
def test_what_is_no_option_is_refused(given):
    with pytest.raises(ValidationError, match=r"is no option of agent\(\); (did you mean|known)"):
        Judging.model_validate({"items": [], **given})
