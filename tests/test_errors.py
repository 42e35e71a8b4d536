"""The tree of errors is what its drawing says, and every message has its four parts."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from hocket import errors
from hocket.errors import HocketError, RunStopped, ScriptRejected, UnknownSetting

CLASSES = {
    name: one
    for name, one in vars(errors).items()
    if inspect.isclass(one) and issubclass(one, HocketError)
}
DRAWN = re.compile(
    r"^(?P<branch>[│├└─ ]*)(?P<name>[A-Z]\w+)(?:[ ]+(?P<code>[a-z][\w-]*) (?P<exit>\d+))?"
)
TESTS = Path(__file__).parent


def drawing():
    """Read the tree: each class with its parent, and its code where one is drawn."""
    lines = [DRAWN.match(line) for line in errors.__doc__.splitlines()]
    above = {}
    for line in filter(None, lines):
        depth = len(line["branch"]) // 4
        if line["branch"] or line["name"] == "HocketError":
            above[depth] = line["name"]
            yield line["name"], above.get(depth - 1), line["code"], line["exit"]


def test_every_class_is_drawn_once():
    assert sorted(name for name, *_ in drawing()) == sorted(CLASSES)


@pytest.mark.parametrize(("name", "parent", "code", "exit_code"), list(drawing()))
def test_a_class_stands_where_it_is_drawn(name, parent, code, exit_code):
    one = CLASSES[name]
    assert one.__mro__[1].__name__ == (parent or "Exception")
    if code:
        assert (one.code, one.exit_code) == (code, int(exit_code))
    else:
        assert (one.code, one.exit_code) == (CLASSES[parent].code, CLASSES[parent].exit_code)


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_says_what_happened(name):
    assert inspect.getdoc(CLASSES[name]) != inspect.getdoc(CLASSES[name].__mro__[1])


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_class_is_raised_in_some_test(name):
    """The base is only caught; everything else has a test that meets it."""
    texts = [path.read_text("utf-8") for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
    named = re.compile(rf"\b{name}\b")  # once in an import, and once where it is expected
    assert name == "HocketError" or any(len(named.findall(text)) > 1 for text in texts)


def test_a_message_says_who_what_and_what_instead():
    error = UnknownSetting(
        ".hocket/config.toml:7",
        found="the key 'buget_usd' is unknown",
        expected="one of budget_usd, concurrency",
        hint="Did you mean 'budget_usd'?",
    )
    assert str(error) == (
        ".hocket/config.toml:7: the key 'buget_usd' is unknown; "
        "expected one of budget_usd, concurrency."
    )
    assert (error.hint, error.code, error.exit_code) == ("Did you mean 'budget_usd'?", "usage", 2)


def test_without_an_expectation_the_sentence_ends_earlier():
    assert str(RunStopped("run 4f2a", found="stopped by a person")) == (
        "run 4f2a: stopped by a person."
    )


@pytest.mark.parametrize(
    ("findings", "told"), [(("a:1:1: S01 x",), "1 finding"), (("a", "b"), "2 findings")]
)
def test_a_rejected_script_shows_every_finding(findings, told):
    error = ScriptRejected("a.py", findings, "Nothing ran.")
    assert str(error) == "\n".join(findings)
    assert error.found == f"refused by the checks, {told}"
    assert (error.who, error.hint, error.exit_code) == ("a.py", "Nothing ran.", 2)
