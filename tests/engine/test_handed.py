"""Words from outside in the arguments: handles where the pointers say, all else by value."""

from __future__ import annotations

from hocket.engine.handed import handed
from hocket.engine.seals import UNSEALED


class Seals:
    """Marks what it is given, with its sources."""

    def withheld(self, text, label):
        assert label.outside
        return f"<{text} from {' '.join(sorted(label.sources))}>"


def test_what_pointers_point_at_is_sealed_and_nothing_else():
    args = {"a": ["x", {"b/c": "y", "d": 1}], "~": "z", "plain": "p", "*": ["q"]}
    outside = {
        "/a/0": ("one",),
        "/a/1/b~1c": ("one", "two"),
        "/~0": ("t",),
        "/plain/deeper": ("none",),
        "/absent": ("none",),
        "/a/9": ("none",),
        "/a/x": ("none",),
    }
    assert handed(args, outside, Seals()) == {
        "a": ["<x from one>", {"b/c": "<y from one two>", "d": 1}],
        "~": "<z from t>",
        "plain": "p",
        "*": ["q"],
    }
    assert args["a"][0] == "x"


def test_a_star_means_every_item_and_a_value_all_texts_in_it():
    args = {"pages": [{"t": "a"}, {"t": ["b", {"c": "d", "e": None}]}], "f": {"x": "y"}}
    assert handed(args, {"/pages/*/t": ("s",), "/f/*": ("s",)}, Seals()) == {
        "pages": [{"t": "<a from s>"}, {"t": ["<b from s>", {"c": "<d from s>", "e": None}]}],
        "f": {"x": "<y from s>"},
    }


def test_the_whole_may_be_sealed():
    assert handed("a", {"": ("s",)}, Seals()) == "<a from s>"
    assert handed(None, {"/a": ("s",)}, Seals()) is None


def test_where_nothing_is_sealed_all_stays():
    args = {"a": "x"}
    assert handed(args, {}, Seals()) is args
    assert handed(args, {"/a": ("s",)}, UNSEALED) == args
