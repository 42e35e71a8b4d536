"""What an update changes in a package, and its text without what steers a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desks import Desk
from hypothesis import given
from hypothesis import strategies as st

from hocket.api.inert import visible
from hocket.api.protocols import Tree
from hocket.registry.installing.store import Store
from hocket.registry.planning.differences import MOST_BYTES, MOST_LINES, changes, diff

MORE = 'tools = ["Read", "WebFetch"], network = ["*"], agents = 5'


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.publish("polite", "1.0.0", files={"old.md": "old\n"})
    desk.apply(desk.install("polite"))
    return desk


def tree(**files):
    return Tree(tuple(("f", path, content.encode()) for path, content in sorted(files.items())))


def test_files_capabilities_and_source_are_compared(desk):
    files = {"new.md": "new\n", "rubrics/polite.md": "Be kind.\n"}
    desk.publish("polite", "1.1.0", capabilities=MORE, files=files)
    (step,) = desk.update().steps
    found = changes(step, Store(desk.scope.store).get(step.before.digest))
    assert (found.added, found.removed) == (("new.md",), ("old.md",))
    assert found.edited == ("bundle.toml", "rubrics/polite.md")
    assert found.capabilities.widened == ("network:*", "tools:WebFetch")
    assert found.capabilities.narrowed == ("read:docs/**",)
    assert found.source == ("path:1.0.0/polite", "path:1.1.0/polite")
    assert found.signer is None
    assert found


def test_another_signer_is_told(desk):
    (step,) = desk.install().steps
    step = replace(step, before=replace(step.before, signer="old@acme.example"))
    found = changes(step, step.parcel.tree)
    assert found.signer == ("old@acme.example", "")
    assert (found.added, found.edited, found.source) == ((), (), None)


def test_without_the_old_files_nothing_is_called_new(desk):
    (step,) = desk.install().steps
    assert not changes(step, None)


def test_what_is_new_or_goes_away_has_no_differences(desk):
    (step,) = desk.remove("polite").steps
    assert changes(step, None) is None
    desk.publish("kind", "1.0.0")
    step = desk.install("kind").steps[-1]
    added = next(one for one in desk.install("kind").steps if one.key == "acme/kind")
    assert changes(added, None) is None
    assert step


def test_the_text_is_shown_line_by_line():
    told = list(diff(tree(a="one\ntwo\n", gone="x\n", same="s"), tree(a="one\n2\n", same="s")))
    assert told == [
        "--- a/a",
        "+++ b/a",
        "@@ -1,3 +1,3 @@",
        " one",
        "-two",
        "+2",
        " ",
        "--- a/gone",
        "+++ /dev/null",
        "@@ -1,2 +0,0 @@",
        "-x",
        "-",
    ]


def test_a_new_right_to_be_executed_is_told():
    before, after = Tree((("f", "run", b"x"),)), Tree((("x", "run", b"x"),))
    assert list(diff(before, after)) == ["run: kind f → x"]


@pytest.mark.parametrize("content", [b"\0", b"\xff\xfe", b"x" * (MOST_BYTES + 1)])
def test_what_is_no_text_is_only_named(content):
    assert list(diff(Tree(()), Tree((("f", "a", content),)))) == [
        "a: not shown, it is no text or too large"
    ]


def test_the_text_is_bounded():
    lines = "".join(f"{number}\n" for number in range(MOST_LINES * 2))
    told = list(diff(Tree(()), tree(a=lines)))
    assert len(told) == MOST_LINES + 1
    assert told[-1].endswith("more lines are not shown")


@given(st.text(), st.text())
def test_nothing_in_it_steers_a_terminal(old, new):
    for line in diff(
        Tree((("f", "a", old.encode("utf-8", "replace")),)),
        Tree((("f", "a", new.encode("utf-8", "replace")),)),
    ):
        assert visible(line) == line
