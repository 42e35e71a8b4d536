"""A pattern that is imported when it is first used."""

from __future__ import annotations

import sys

import pytest

from hocket.api.patterns.deferred import DeferredPattern
from hocket.testing.patterns import run_pattern

SOURCE = '''
from hocket.api.patterns.arguments import PatternArguments
from hocket.api.patterns.context import CallCount


class Given(PatternArguments):
    words: str


class Echo:
    """Say it again."""

    name, version, arguments = "echo", 1, Given

    async def run(self, context, given):
        return {"said": given.words}

    def calls(self, given):
        return CallCount(0, len(given.words))
'''


@pytest.fixture
def deferred(tmp_path, monkeypatch):
    (tmp_path / "later_echo.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    yield DeferredPattern("echo", 1, "later_echo:Echo")
    sys.modules.pop("later_echo", None)


def test_its_name_is_known_before_it_is_imported(deferred):
    assert (deferred.name, deferred.version) == ("echo", 1)
    assert "later_echo" not in sys.modules


def test_it_runs_like_the_pattern_itself(deferred):
    assert run_pattern(deferred, {"words": "hi"}, lambda _ask: None).result == {"said": "hi"}
    assert deferred.calls(deferred.arguments(words="hi")).worst == 2
    assert deferred.loaded is deferred.loaded
