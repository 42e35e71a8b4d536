"""Finders look until what the next ones would bring is not worth their price."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hocket.api.calls import EndState, Usage
from hocket.api.patterns.context import CallCount, Reply
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.patterns.until_done.pattern import UntilDone
from hocket_plugins.patterns.until_done.search import MOST, Search
from hocket_plugins.patterns.verify.pattern import Verify

SCHEMA = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": {"type": "object"}}},
    "required": ["items"],
}
STOPS = {"budget": EndState.OVER_BUDGET, "cap": EndState.OVER_CAP, "quota": EndState.QUOTA}


def look(answer, args=None, **options):
    """Run the pattern; texts are equal when they are equal without case."""
    arguments = {"prompt": "Find leaks.", "schema": SCHEMA, "key": "at", **options}
    return run_pattern(
        UntilDone(), arguments, answer, patterns=[Verify()], args=args,
        screens=lambda name, value: str(value).lower() if name == "text_key" else "differs",
    )  # fmt: skip


def finders(*rows, votes=None, reads=None):
    """Answer finder k with the k-th row of places, later ones with the last; voters by place."""

    def answer(ask):
        role, item = ask.options["role"], ask.options["item"]
        if role == "read":
            return {"groups": reads(item) if reads else []}
        if role == "vote":
            verdict = (votes or {}).get(item["at"], "supported")
            return verdict if isinstance(verdict, Reply) else {"verdict": verdict, "reason": "so"}
        row = rows[min(item["index"], len(rows) - 1)]
        return row if isinstance(row, Reply) else {"items": [{"at": place} for place in row]}

    return answer


def places(rows):
    return [row["value"]["at"] for row in rows]


def roles(played):
    return [ask.options["role"] for ask in played.asks]


def test_it_stops_when_all_was_seen_twice():
    played = look(finders("ab", "bc", "ca", "c", "a", "b"))

    assert played.result["items"] == [
        {"value": {"at": "a"}, "seen_by": [0, 2, 4], "lenses": [0, 1, 2]},
        {"value": {"at": "b"}, "seen_by": [0, 1, 5], "lenses": [0, 1, 2]},
        {"value": {"at": "c"}, "seen_by": [1, 2, 3], "lenses": [0, 1, 2]},
    ]
    assert [played.result[name] for name in ("n", "f1", "f2", "forecast")] == [6, 0, 0, 0.0]
    assert played.result["recall_at_most"] == 1.0
    assert (played.result["stopped"], played.result["complete"]) == (None, True)
    assert played.result["calls"] == len(played.asks) == 6


def test_what_only_one_saw_keeps_it_looking():
    played = look(finders("abcdef", "a", "b", "c", "d", "g", "e", "f", "g", "a"))

    assert [played.result[name] for name in ("n", "f1", "f2")] == [9, 0, 7]
    assert [ask.worth for ask in played.asks] == [None] * 6 + [0.4891] * 3


def test_the_figures_it_tells():
    played = look(finders("abcd", "ab", "", "", "", ""), stop_below=2)

    # f1 = 2, f2 = 2, n = 6: F = 2/6 · 10/14, all there is = 4 + 5/6 · 2·1/(2·3)
    assert played.result["forecast"] == round(2 / 6 * 10 / 14, 4)
    assert played.result["recall_at_most"] == round(4 / (4 + 5 / 6 / 3), 4)
    assert played.result["error"] == {
        "recall_at_most": round(4 / (4 + 5 / 6 / 3), 4),
        "rate_at_most": round(1 - 0.05 ** (1 / 5), 4),
        "basis": "overlap of 6 finders, 5 of them empty at the end",
    }
    assert played.result["notes"] == [
        "at most 94% of what there is was found; it may be much less",
        "the last 5 finders found nothing new; up to 45% of further ones still may",
    ]


def test_finders_do_not_see_what_others_found_and_take_turns_with_the_lenses():
    lenses = ["from the north", {"say": "from the south", "model": "large"}]
    played = look(
        finders("ab", "ab"), lenses=lenses, prompt="Finder {index} of {count}, look in {args}.",
        args="{all}", model="small", wave=2, min_agents=4,
    )  # fmt: skip

    prompts = [ask.prompt for ask in played.asks]
    assert prompts[3].startswith("Finder 3 of 30, look in {all}.\n\nGive all that you find,")
    assert prompts[3].endswith("\n\nfrom the south\nYou are finder 4.")
    assert [ask.options["model"] for ask in played.asks] == ["small", "large"] * 2
    assert {ask.options["role"] for ask in played.asks} == {"find"}
    assert played.asks[2].options["label"] == "find 3"
    assert [item["lenses"] for item in played.result["items"]] == [[0, 1], [0, 1]]


def test_the_list_gets_a_bound():
    asks = look(finders("a")).asks

    listed = asks[0].options["schema"]["properties"]["items"]
    assert listed == {"type": "array", "items": {"type": "object"}, "maxItems": MOST}
    small = {**SCHEMA, "properties": {"items": {"type": "array", "maxItems": 2}}}
    played = look(finders("abcd", "ab"), schema=small)
    assert places(played.result["items"]) == ["a", "b"]


def test_texts_that_are_equal_are_one_item_and_one_finder_counts_once():
    played = look(finders("aA", "Ab", "B", "", "", ""))

    assert [(item["value"]["at"], item["seen_by"]) for item in played.result["items"]] == [
        ("a", [0, 1]),
        ("b", [1, 2]),
    ]
    assert played.result["merged"] == []


def test_items_without_the_key_go_by_all_of_them_and_nulls_are_no_items():
    given = {"items": [{"x": 1}, None, {"x": 1}, {"x": 2}, {"at": None, "x": 2}, "plain"]}
    played = look(lambda _: given)

    assert [item["value"] for item in played.result["items"]] == [
        {"x": 1}, {"x": 2}, {"at": None, "x": 2}, "plain",
    ]  # fmt: skip


def test_readers_join_what_is_the_same_in_other_words():
    def reads(items):
        names = [item["at"] for item in items]
        return [[names.index("a") + 1, names.index("x") + 1]] if "x" in names else []

    played = look(
        finders("ab", "x", "b", "", "", "", "xc", "c", "c", reads=reads),
        same="the same leak", stop_below=0.1, min_agents=3,
    )  # fmt: skip

    assert [(item["value"]["at"], item["seen_by"]) for item in played.result["items"]] == [
        ("a", [0, 1]),
        ("b", [0, 2]),
    ]
    assert played.result["merged"] == [{"value": {"at": "x"}, "into": {"at": "a"}}]
    assert roles(played) == ["find"] * 3 + ["read"]
    assert "The same means: the same leak" in played.asks[-1].prompt


def test_what_is_new_is_read_beside_what_is_known_and_later_sightings_count():
    def reads(items):
        names = [item["at"] for item in items]
        return [[names.index("a") + 1, names.index("x") + 1]] if "x" in names else []

    rows = ["a", "b", "", "x", "b", "c", "c", "X", ""]
    played = look(finders(*rows, reads=reads), same="the same", min_agents=3, stop_below=0.2)

    assert [(item["value"]["at"], item["seen_by"]) for item in played.result["items"]] == [
        ("a", [0, 3, 7]),
        ("b", [1, 4]),
        ("c", [5, 6]),
    ]
    assert roles(played).count("read") == 2


def test_only_supported_items_count_and_none_is_checked_twice():
    votes = {"b": "refuted", "c": "cannot_tell", "d": fails(EndState.TIMEOUT)}
    played = look(finders("abcd", "ab", "a", "b", "c", "", votes=votes), verify={"lead": 1})

    assert places(played.result["items"]) == ["a"]
    assert [
        (row["value"]["at"], row["state"], row["cause"]) for row in played.result["rejected"]
    ] == [
        ("b", "refuted", None),
        ("c", "unverified", "cannot tell"),
        ("d", "unverified", "timeout"),
    ]
    assert [played.result[name] for name in ("n", "f1", "f2")] == [6, 0, 0]
    claims = [ask.options["item"]["at"] for ask in played.asks if ask.options["role"] == "vote"]
    assert (claims.count("a"), claims.count("b")) == (1, 1)
    assert played.result["calls"] == len(played.asks)


def test_checks_take_the_options_of_calls_but_not_the_shape_of_answers():
    played = look(finders("a"), verify={"lead": 1, "against": "Doubt it."}, model="small")

    vote = played.asks[-1]
    assert vote.prompt.startswith("Doubt it.")
    assert vote.options["model"] == "small"
    assert "verdict" in vote.options["schema"]["properties"]


def test_wrong_options_of_checks_are_told_before_anything_is_bought():
    asked = []
    with pytest.raises(ValidationError, match="leed"):
        look(asked.append, verify={"leed": 2})
    assert asked == []


def test_controls_measure_voters_in_the_first_wave_of_checks_alone():
    controls = [{"at": f"known {n}", "verdict": "refuted"} for n in range(2)]
    votes = {"known 0": "refuted", "known 1": "refuted"}
    rows = ["a", "", "", "", "", "", "b", "", "", "ab"]
    played = look(finders(*rows, votes=votes), verify={"controls": controls}, stop_below=0.2)

    claims = [ask.options["item"]["at"] for ask in played.asks if ask.options["role"] == "vote"]
    assert {"a", "b"} < {*claims}
    assert claims.count("known 0") == 3


def test_nothing_found_by_the_fewest_finders_ends_it():
    played = look(finders(""))

    assert (played.result["n"], played.result["items"]) == (6, [])
    assert played.result["recall_at_most"] is None
    assert (played.result["complete"], played.result["stopped"]) == (True, None)
    assert played.result["notes"] == [
        "how much of it was found is unknown",
        "the last 6 finders found nothing new; up to 39% of further ones still may",
    ]


def test_below_six_finders_there_is_no_bound_on_recall():
    played = look(finders("a"), wave=1, min_agents=3)

    assert (played.result["n"], played.result["recall_at_most"]) == (3, None)


def test_one_finder_may_be_all():
    played = look(finders("ab"), max_agents=1, min_agents=1)

    assert (played.result["n"], played.result["forecast"]) == (1, 2.0)
    assert (played.result["stopped"], played.result["complete"]) == ("max", False)


def test_the_most_finders_end_it_and_it_says_what_the_next_would_bring():
    rows = [[f"{n} {k}" for k in range(2)] for n in range(40)]
    played = look(finders(*rows))

    assert (played.result["n"], played.result["stopped"]) == (30, "max")
    assert played.result["complete"] is False
    assert played.result["notes"][-2:] == [
        "new items keep coming at one rate: large space, inventions or missed duplicates",
        "stopped at a limit, not by value: the next wave would bring about 6.0 items",
    ]
    assert {ask.worth for ask in played.asks[6:]} == {1.0}


def test_finders_that_see_others_finds_stop_after_two_dry_waves():
    played = look(finders("a", "b", "c", "", "", "", "d", "", "", "", "", "", ""), show_found=True)

    prompts = [ask.prompt for ask in played.asks]
    assert len(prompts) == 15
    assert all("<found>" not in prompt for prompt in prompts[:3])
    assert all("<found>\na\nb\nc\n</found>" in prompt for prompt in prompts[3:9])
    assert [played.result[name] for name in ("f1", "f2", "forecast", "recall_at_most")] == [
        None
    ] * 4
    assert played.result["notes"] == [
        "finders saw what others had found: no estimate, two empty waves end such a search"
    ]
    assert played.result["complete"] is True


def test_of_two_dry_waves_neither_may_have_failed():
    rows = ["a", "b", "c", "", "", "", fails(), fails(), fails(), "", "", ""]
    played = look(finders(*rows), show_found=True)

    assert len(played.asks) == 12


def priced(cost, *rows):
    def answer(ask):
        told = finders(*rows)(ask)
        return Reply(state=EndState.OK, value=told, call="1", usage=Usage(cost_micros=cost))

    return answer


@pytest.mark.parametrize(("cost", "n"), [(1_000_000, 6), (100_000, 9), (0, 9)])
def test_with_a_value_it_stops_where_a_wave_costs_more_than_it_brings(cost, n):
    # f1 = 3 after 6 finders: a wave would bring about one item for three prices.
    rows = ["abcdefgh", "abcd", "abef", "aceg", "abcx", "abdy", "x", "y", "h", "k", "k", ""]
    played = look(priced(cost, *rows), value=2.0)

    assert played.result["n"] == n
    assert played.result["stopped"] is None


def test_without_prices_a_value_says_nothing():
    played = look(priced(None, "ab", ""), value=2.0, stop_below=2)

    assert played.result["n"] == 6
    assert (
        "no price is known, so `value` says nothing: stopped by stop_below"
        in played.result["notes"]
    )


def test_when_all_calls_fail_one_more_wave_is_tried():
    played = look(lambda _: fails(EndState.STALLED))

    assert (played.result["items"], played.result["n"]) == ([], 0)
    assert (played.result["stopped"], played.result["complete"]) == ("few", False)
    assert played.result["census"] == {"stalled": 9}
    assert played.result["forecast"] is None
    assert "two waves in a row got no answer from any finder" in played.result["notes"]


def test_a_failed_finder_was_never_there():
    failed = fails(EndState.TIMEOUT)
    played = look(finders("ab", failed, "a", failed, "b", "ab", "b", "a", "a", "b"))

    assert played.result["n"] == 7
    assert played.result["items"][0]["seen_by"] == [0, 2, 5, 7, 8]
    assert (played.result["census"], played.result["complete"]) == ({"ok": 7, "timeout": 2}, True)


def test_an_answer_without_a_list_is_an_empty_one():
    assert look(lambda _: {"items": "none"}).result["n"] == 6
    assert look(lambda _: "none").result["items"] == []


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("after", [0, 4, 6, 8, 14])
def test_a_stop_anywhere_ends_it_with_what_there_is(stop, after):
    asked = []
    answers = finders("ab", "b", "c", "", "", "c", "d", "d", "a", "e")

    def answer(ask):
        asked.append(ask)
        return fails(STOPS[stop], stop=stop) if len(asked) > after else answers(ask)

    played = look(answer, verify={"lead": 1}, same="the same", stop_below=0.01)

    assert (played.result["stopped"], played.result["complete"]) == (stop, False)
    found = [*played.result["items"], *played.result["rejected"]]
    assert len(found) <= 5
    assert all(row["cause"] in {stop, STOPS[stop].value} for row in played.result["rejected"])
    assert played.result["calls"] == len(asked)


@pytest.mark.parametrize("most", [1, 6, 7, 9])
def test_max_calls_is_hard(most):
    played = look(finders("ab", "c", "ab", "c", "a", "b"), verify={"lead": 1}, max_calls=most)

    assert len(played.asks) == played.result["calls"] == most
    assert played.result["stopped"] == (None if most == 9 else "max")
    assert played.result["complete"] is (most == 9)
    assert len(played.result["items"]) == {1: 0, 6: 0, 7: 1, 9: 3}[most]


def test_a_wave_left_out_for_the_budget_ends_it():
    def answer(ask):
        if ask.worth is None:
            return finders("abc", "ab", "def")(ask)
        return Reply(state=EndState.OVER_BUDGET, cause="pruned", call="1", pruned=True)

    rows = finders("abc", "ab", "def", "a", "b", "g")
    played = look(lambda ask: answer(ask) if ask.worth else rows(ask))

    assert (played.result["stopped"], played.result["complete"]) == ("budget", False)
    assert played.result["n"] == 6


def test_a_thousand_items():
    rows = [[f"{n}" for n in range(start, start + MOST)] for start in range(0, 1_000, MOST)]
    played = look(finders(*rows), max_agents=20, stop_below=0.001)

    assert len(played.result["items"]) == 1_000


SEARCHES = st.fixed_dictionaries(
    {
        "wave": st.integers(1, 4),
        "min_agents": st.integers(1, 8),
        "max_agents": st.integers(1, 10),
        "stop_below": st.sampled_from([0.01, 0.5, 3.0]),
        "show_found": st.booleans(),
        "same": st.none() | st.just("alike"),
        "verify": st.none()
        | st.fixed_dictionaries(
            {},
            optional={
                "lead": st.sampled_from([1, 2, {"low": 1}, {"low": 1, "high": 3}]),
                "spares": st.integers(0, 2),
                "rule": st.just("majority"),
                "screen": st.just(["numbers_match"]),
                "controls": st.just([{"at": "known", "verdict": "refuted"}]),
            },
        ),
        "max_calls": st.none() | st.integers(1, 40),
    }
)


@given(
    options=SEARCHES,
    found=st.lists(st.lists(st.sampled_from("abcdefg"), max_size=3), min_size=1, max_size=10),
    failing=st.sets(st.integers(0, 150)),
    verdicts=st.lists(st.sampled_from(["supported", "refuted", "cannot_tell"]), min_size=1),
)
@settings(max_examples=150, deadline=None)
def test_calls_are_never_more_than_forecast(options, found, failing, verdicts):
    asked = []
    answers = finders(*found)
    small = {**SCHEMA, "properties": {"items": {"type": "array", "maxItems": 3}}}

    def answer(ask):
        asked.append(ask)
        if len(asked) in failing:
            return fails(EndState.ERROR)
        if ask.options["role"] == "vote":
            return {"verdict": verdicts[len(asked) % len(verdicts)], "reason": "so"}
        return answers(ask)

    played = look(answer, **options, schema=small)
    given = {"prompt": "Find leaks.", "schema": small, "key": "at", **options}
    forecast = UntilDone().calls(Search.model_validate(given))

    assert len(asked) <= forecast.worst
    assert forecast.expected <= forecast.worst
    assert played.result["calls"] == len(asked)
    seen = {place for row in found for place in row}
    assert {*places(played.result["items"])} <= seen
    assert played.result["n"] <= options["max_agents"]


def forecast(**options):
    given = {"prompt": "x", "schema": SCHEMA, "key": "at", **options}
    return UntilDone().calls(Search.model_validate(given))


def test_the_forecast_of_calls():
    assert (forecast().expected, forecast().worst) == (15, 30)
    assert forecast(verify={}).expected == 15 + 10 * 3
    assert forecast(verify={}).worst == 30 + 30 * MOST * 9
    assert forecast(same="x").expected == 15 + 1
    assert forecast(verify={"lead": {"high": 3, "low": "?"}}).expected == 15 + 10 * 6
    assert forecast(verify={}, same="x", max_calls=20) == CallCount(20, 20)
    assert forecast(max_agents=4).expected == 4
    expects = {"items": {"type": "array", "x-expect": [2, 4], "maxItems": 4}}
    told = forecast(schema={**SCHEMA, "properties": expects}, verify={"cap": 3, "spares": 1})
    assert (told.expected, told.worst) == (15 + 6 * 3, 30 + 30 * 4 * 4)
    expects = {"items": {"type": "array", "x-expect": {"any": [1, 2, 3]}}}
    told = forecast(schema={**SCHEMA, "properties": expects}, verify={})
    assert told.expected == 15 + 4 * 3


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"schema": None}, 'schema has no list "items"'),
        ({"find": "leaks"}, 'schema has no list "leaks"'),
        ({"key": ""}, "key"),
        ({"lenses": []}, "lenses"),
        ({"lenses": [{"say": "x", "modle": "y"}]}, "did you mean 'model'"),
        ({"wave": 0}, "wave"),
        ({"stop_below": 0}, "stop_below"),
        ({"value": 0}, "value"),
        ({"verify": {"claims": []}}, "claims are what the finders find"),
        ({"modle": "x"}, "did you mean 'model'"),
    ],
)
def test_misuse_is_told_before_any_call(options, complaint):
    asked = []
    with pytest.raises(ValidationError, match=complaint):
        look(asked.append, **options)
    assert asked == []


def test_a_search_needs_the_schema_of_an_answer():
    with pytest.raises(ValidationError, match="schema is missing"):
        Search.model_validate({"prompt": "x", "key": "at"})


def test_a_template_that_names_nothing_known_costs_no_call():
    asked = []
    with pytest.raises(TypeError, match="nothing"):
        look(asked.append, prompt="Find {nothing}")
    assert asked == []
