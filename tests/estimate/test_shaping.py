"""What simulated agents are told to answer: as earlier runs did, or as votes usually go."""

from __future__ import annotations

from collections import Counter

import pytest

from hocket.api.calls import Call, Options, Usage
from hocket.estimate.chance import Chance
from hocket.estimate.samples import Experience, Sample
from hocket.estimate.shaping import AGREED, FAIL, TRUE, Shaping, failing, spread
from hocket_plugins.backends.simulate.answers import answer
from hocket_plugins.backends.simulate.draws import Draws

FILES = {
    "type": "object",
    "properties": {
        "files": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 40},
        "kind": {"enum": ["bug", "wish", None]},
        "done": {"type": "boolean"},
        "free": True,
    },
    "required": ["files", "kind", "done"],
}
VOTE = {"type": "object", "properties": {"verdict": {"enum": ["yes", "no", "unsure"]}}}


def shaped(schema, known=None, *, most=None, draw=0, **options):
    call = Call(1, "k", 0, "p", "l", None, Options(schema=schema, **options))
    return Shaping(most or {}).shaped(call, known or Experience(), Chance(draw, "k"))


def seen(*values):
    known = Experience()
    for value in values:
        known.answered(value)
    return known


def test_without_history_a_schema_says_what_it_said():
    assert shaped(FILES) == FILES
    assert shaped(None) is None


def test_lengths_and_shares_of_earlier_answers_go_in():
    known = seen(*[{"files": ["x"] * n, "kind": "bug", "done": n > 2} for n in (1, 2, 3, 4, 9)])
    fields = shaped(FILES, known)["properties"]
    assert fields["files"]["x-expect"] == {"any": [1, 2, 3, 4, 9]}
    assert fields["kind"]["x-share"] == [5, 0, 0]
    assert fields["done"]["x-share"] == 0.6
    assert fields["free"] is True
    drawn = [answer(shaped(FILES, known), Draws(0, str(n), 0)) for n in range(60)]
    assert {len(one["files"]) for one in drawn} == {1, 2, 3, 4, 9}
    assert {one["kind"] for one in drawn} == {"bug"}


def test_few_lengths_are_spread_out():
    assert spread([10]) == [6, 8, 10, 12, 16]
    assert spread([1, 2, 3, 4, 5]) == [1, 2, 3, 4, 5]


def test_lists_within_lists_have_their_own_lengths():
    schema = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}
    known = seen([[1], [2, 3]], [[4]], [[5]], [[6]], [[7]])
    made = shaped(schema, known)
    assert made["x-expect"] == {"any": [2, 1, 1, 1, 1]}
    assert made["items"]["x-expect"] == {"any": [1, 2, 1, 1, 1, 1]}


def test_a_list_can_be_kept_short_whatever_was_seen():
    known = seen(*[{"files": ["x"] * 30}] * 5)
    made = shaped(FILES, known, most={"files": 3})["properties"]["files"]
    assert (made["minItems"], made["maxItems"]) == (1, 3)
    assert len(answer(made, Draws(0, "k", 0))) == 3
    assert shaped({"type": "array"}, most={"": 2})["maxItems"] == 2


def test_votes_agree_about_their_item_in_one_draw():
    sides = Counter(
        tuple(
            shaped(VOTE, draw=draw, role="vote", item={"claim": 7})["properties"]["verdict"][
                "x-share"
            ]
        )
        for draw in range(400)
    )
    first = (AGREED, *[pytest.approx((1 - AGREED) / 2)] * 2)
    assert len(sides) == 2
    assert sides[next(one for one in sides if one == first)] / 400 == pytest.approx(TRUE, abs=0.08)
    for draw in range(8):
        pair = [shaped(VOTE, draw=draw, role="vote", item="same") for _ in range(2)]
        assert pair[0] == pair[1]


def test_a_role_may_stand_in_the_schema_and_a_vote_may_be_a_boolean():
    schema = {"type": "object", "x-role": "vote", "properties": {"real": {"type": "boolean"}}}
    shares = {shaped(schema, draw=n)["properties"]["real"]["x-share"] for n in range(40)}
    assert shares == {AGREED, 1 - AGREED}
    single = {"x-role": "vote", "enum": ["only"]}
    assert "x-share" not in shaped(single)


def test_siblings_share_one_rewritten_schema():
    shaping, known = Shaping({}), seen({"files": [1]})
    calls = [Call(n, f"k{n}", 0, "p", "l", None, Options(schema=FILES)) for n in (1, 2)]
    first, second = (shaping.shaped(call, known, Chance(0)) for call in calls)
    assert first is second
    other = Call(3, "k3", 0, "p", "l", None, Options(schema={**FILES}))
    assert shaping.shaped(other, known, Chance(0)) is not first


def test_failures_begin_with_what_is_usual():
    known = Experience()
    assert failing(known) == FAIL
    for n in range(90):
        known.took(None, Sample(Usage(), 1, 1.0), failed=n < 30)
    assert failing(known) == pytest.approx(0.303, abs=0.001)
