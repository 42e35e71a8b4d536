"""Names and versions that are known before a pattern is imported are those of the pattern."""

from __future__ import annotations

import json

import pytest

from hocket.api.patterns.deferred import DeferredPattern
from hocket.host import PluginHost

PATTERNS = PluginHost.load().patterns()


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_what_is_said_beforehand_is_true(name):
    pattern = PATTERNS[name]

    assert isinstance(pattern, DeferredPattern)
    assert (pattern.loaded.name, pattern.loaded.version) == (name, pattern.version)
    assert type(pattern.loaded).__doc__


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_its_arguments_have_a_schema(name):
    schema = PATTERNS[name].arguments.model_json_schema()

    assert schema["type"] == "object"
    json.dumps(schema)
