"""verify: votes until one verdict leads; what fails counts for nothing, and nothing is lost."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from hocket.api.calls import EndState
from hocket.api.patterns.context import Reply
from hocket.testing.patterns import fails, run_pattern
from hocket_plugins.patterns.verify.pattern import Verify

VOTES = {"s": "supported", "r": "refuted", "q": "qualified", "c": "cannot_tell"}


def name_of(item):
    return item["text"] if isinstance(item, dict) else item


class Voters:
    """Vote on each claim as its letters say, the last one for ever; x fails."""

    def __init__(self, **letters):
        self.letters = letters
        self.asked = defaultdict(list)

    def __call__(self, ask):
        name = name_of(ask.options["item"])
        letters = self.letters.get(name, "s")
        letter = letters[min(len(self.asked[name]), len(letters) - 1)]
        self.asked[name].append(ask)
        if letter == "x":
            return fails(EndState.STALLED)
        told = {"verdict": VOTES[letter], "reason": "so", "quote": f"{name}: {letter}"}
        return {**told, "qualification": "only here"} if letter == "q" else told


def verify(claims, voters=None, screens=None, **arguments):
    return run_pattern(
        Verify(), {"claims": claims, **arguments}, voters or Voters(), screens=screens
    )


def states(played):
    return [told["state"] for told in played.result["verdicts"]]


def causes(played):
    return [told["cause"] for told in played.result["verdicts"]]


def counted(played):
    return [sum(told["votes"].values()) for told in played.result["verdicts"]]


def test_each_claim_gets_votes_until_one_verdict_leads_by_two():
    claims = ["sure", "wrong", "torn", "narrow"]
    voters = Voters(sure="s", wrong="srrr", torn="sr", narrow="qsqq")
    voters.letters["torn"] = "srsrsr"
    played = verify(claims, voters)

    result = played.result
    assert [result[name] for name in ("supported", "refuted", "qualified", "unverified")] == [
        ["sure"],
        ["wrong"],
        ["narrow"],
        ["torn"],
    ]
    assert counted(played) == [2, 4, 6, 4]
    assert (result["calls"], result["census"]) == (16, {"ok": 16})
    assert (result["complete"], result["stopped"]) == (True, None)
    assert result["verdicts"][1] == {
        "index": 1,
        "state": "refuted",
        "votes": {"supported": 1, "refuted": 3, "qualified": 0, "cannot_tell": 0},
        "failed": 0,
        "cause": None,
        "error": 0.2981,
        "qualification": None,
        "quotes": ["wrong: r", "wrong: r", "wrong: r"],
    }
    assert result["verdicts"][3]["qualification"] == "only here"
    assert result["notes"] == [
        "1 of 4 claims hold only with a limit",
        "1 of 4 claims are unverified: 1 cap",
    ]


def test_what_is_stated_of_the_error_rests_on_votes_that_could_tell():
    played = verify(["a", "b"], Voters(a="cscss", b="cc"), lead=1, cap=3)

    assert states(played) == ["unverified", "unverified"]
    assert causes(played) == ["cannot tell", "cannot tell"]
    assert played.result["error"] == {"p": 0.2, "rho": 0.4, "basis": "assumed", "mean": None}
    assert played.result["n_eff"] is None

    voted = verify(["a"], Voters(a="ssscs"), lead=4, cap=8).result
    assert voted["verdicts"][0]["votes"]["cannot_tell"] == 1
    assert voted["verdicts"][0]["error"] == voted["error"]["mean"]
    assert voted["n_eff"] == pytest.approx(5 / (1 + 4 * 0.4), abs=1e-4)


def test_a_wave_asks_for_all_votes_that_are_certain_to_be_needed():
    voters = Voters(a="rssss", b="sss")
    numbers = [
        (name_of(ask.options["item"]), ask.prompt.rpartition("Vote ")[2])
        for ask in verify(["a", "b"], voters, lead=3).asks
    ]

    first = [("a", "1."), ("a", "2."), ("a", "3."), ("b", "1."), ("b", "2."), ("b", "3.")]
    assert numbers == [*first, ("a", "4."), ("a", "5.")]


def test_at_the_cap_the_majority_decides_where_that_is_asked_for():
    odd = verify(["a"], Voters(a="srsrsrs"), cap=7, at_cap="majority")
    tie = verify(["a"], Voters(a="srsr"), cap=4, at_cap="majority")
    never = verify(["a"], Voters(a="srsrsrs"), cap=7)

    assert (states(odd), counted(odd)) == (["supported"], [7])
    assert (states(tie), causes(tie)) == (["unverified"], ["cap"])
    assert (states(never), counted(never)) == (["unverified"], [6])


def test_the_majority_of_a_fixed_panel_stops_when_it_is_certain():
    played = verify(["a", "b", "c"], Voters(a="ss", b="srs", c="srq"), rule="majority")

    assert states(played) == ["supported", "supported", "unverified"]
    assert counted(played) == [2, 3, 3]


def test_leads_go_by_importance():
    claims = [
        {"text": "small", "importance": "low"},
        {"text": "plain"},
        {"text": "grave", "importance": "high"},
    ]
    played = verify(claims, lead={"low": 1, "normal": 2, "high": 3})

    assert counted(played) == [1, 2, 3]
    assert counted(verify(["a text has none"], lead={"high": 3})) == [2]
    by_field = verify([{"text": "x", "risk": 9}], lead={"9": 4}, importance="risk")
    assert counted(by_field) == [4]


def test_the_most_important_claim_goes_first_and_groups_take_turns():
    claims = [
        {"text": "a1", "from": "a"},
        {"text": "a2", "from": "a", "importance": "high"},
        {"text": "b1", "from": "b"},
    ]
    voters = Voters()
    verify(claims, voters, group="from", lead=1)

    assert [*voters.asked] == ["a2", "b1", "a1"]


def test_a_failed_vote_is_asked_again_and_counts_for_nothing():
    voters = Voters(a="xss", b="xxxr")
    played = verify(["a", "b"], voters)

    assert states(played) == ["supported", "refuted"]
    assert [told["failed"] for told in played.result["verdicts"]] == [1, 3]
    assert played.result["census"] == {"ok": 4, "stalled": 4}
    prompts = [ask.prompt for ask in voters.asked["a"]]
    assert Counter(prompts).most_common()[0][1] == 2
    assert played.result["complete"] is True


@pytest.mark.parametrize("state", ["error", "invalid", "stalled", "timeout", "refused", "skipped"])
def test_when_every_call_fails_nothing_is_decided_and_the_cause_is_named(state):
    played = verify(["a", "b"], lambda _ask: fails(EndState(state)))

    result = played.result
    assert (states(played), causes(played)) == (["unverified"] * 2, [state] * 2)
    assert result["unverified"] == ["a", "b"]
    assert result["complete"] is False
    assert result["calls"] == 2 * (2 + 3)
    assert result["notes"] == [f"2 of 2 claims are unverified: 2 {state}"]


def test_spares_are_shared_by_the_votes_of_one_claim():
    played = verify(["a", "b"], Voters(a="xx", b="xs"), spares=1)

    assert states(played) == ["unverified", "supported"]
    assert [told["failed"] for told in played.result["verdicts"]] == [3, 1]
    assert verify(["a"], Voters(a="x"), spares=0).result["calls"] == 2


def test_an_answer_that_is_no_vote_counts_for_nothing():
    played = verify(["a"], lambda _ask: "supported")

    assert (states(played), causes(played), counted(played)) == (["unverified"], ["invalid"], [0])
    assert causes(verify(["a"], lambda _ask: {"verdict": "maybe"})) == ["invalid"]


def test_a_vote_that_failed_does_not_undo_a_verdict_that_holds():
    played = verify(["a"], Voters(a="ssx"), lead=2, spares=0)

    assert states(played) == ["supported"]
    undone = verify(["a"], Voters(a="sx"), lead=2, spares=0)
    assert (states(undone), causes(undone)) == (["unverified"], ["stalled"])


def test_screens_cost_no_call_and_doubts_raise_the_lead():
    def screens(name, item):
        return {"gone": "absent", "odd": "differs"}.get(item["text"], "ok")

    claims = [{"text": text} for text in ("gone", "odd", "fine")]
    voters = Voters()
    played = verify(
        claims, voters, screen=["quote_in_source", "numbers_match"], screens=screens, cap=None
    )

    assert states(played) == ["unverified", "supported", "supported"]
    assert causes(played) == ["quote not in source", None, None]
    assert counted(played) == [0, 3, 2]
    shown = voters.asked["odd"][0].prompt
    assert "The screen quote_in_source found" in shown
    assert "The screen numbers_match found" in shown
    assert "The screen" not in voters.asked["fine"][0].prompt


def test_without_a_lead_screens_alone_decide_and_nothing_is_said_of_votes():
    claims = [{"text": "kept"}, {"text": "lost"}, None]
    found = {"kept": "ok", "lost": "absent"}
    played = verify(
        claims,
        screens=lambda _name, item: found[item["text"]],
        screen=["quote_in_source"],
        lead=0,
    )
    assert causes(played) == ["not voted on", "quote not in source", "null item"]
    assert (played.asks, played.result["notes"], played.result["complete"]) == ([], [], True)
    given = Verify().arguments.model_validate({"claims": claims, "lead": 0})
    assert Verify().calls(given).worst == 0


def test_any_other_screen_is_named_as_the_cause():
    gone = verify(["a"], screen=["dates_match"], screens=lambda _name, _item: "absent")
    passed = verify(["a"], screen=["tests"], screens=lambda _name, _item: "ok")

    assert causes(gone) == ["dates_match: absent"]
    assert counted(passed) == [2]


def test_beyond_its_quota_a_group_gets_no_votes_and_is_listed():
    claims = [
        {"text": "a1", "from": "a"},
        {"text": "a2", "from": "a", "importance": "high"},
        {"text": "a3", "from": "a"},
        {"text": "b1", "from": "b"},
    ]
    played = verify(claims, group="from", quota=1)

    assert causes(played) == ["quota", None, "quota", None]
    assert played.result["unverified"] == [claims[0], claims[2]]
    assert played.result["notes"] == ["2 of 4 claims are unverified: 2 quota"]
    assert played.result["complete"] is True
    assert causes(verify(["a", "b"], quota=1)) == [None, "quota"]


def test_a_claim_that_is_screened_out_takes_nothing_of_the_quota():
    def screens(_name, item):
        return "absent" if item == "gone" else "ok"

    played = verify(["gone", "fine"], screen=["s"], screens=screens, quota=1)

    assert states(played) == ["unverified", "supported"]


def test_voters_that_never_differ_are_noted():
    alike = verify([str(number) for number in range(20)])
    few = verify([str(number) for number in range(19)])

    told = "they are better than assumed, or copy each other"
    assert alike.result["notes"] == [
        f"voters differ in 0% of pairs, independent ones would in 32%: {told}"
    ]
    assert few.result["notes"] == []
    differing = Voters(**{str(number): "srss" for number in range(8)})
    assert verify([str(number) for number in range(20)], differing).result["notes"] == []


def test_no_claim_no_call():
    played = verify([])

    assert played.asks == []
    assert played.result["verdicts"] == []
    assert (played.result["complete"], played.result["stopped"]) == (True, None)


def test_one_claim():
    assert verify(["a"]).result["supported"] == ["a"]


def test_nulls_keep_their_place():
    played = verify([None, "a", None])

    assert states(played) == ["skipped", "supported", "skipped"]
    assert causes(played) == ["null item", None, "null item"]
    assert [told["index"] for told in played.result["verdicts"]] == [0, 1, 2]
    assert played.result["complete"] is True


def test_equal_claims_are_claims_of_their_own():
    played = verify(["a", "a"], Voters(a="ssrr"))

    assert states(played) == ["supported", "refuted"]
    assert played.result["supported"] == played.result["refuted"] == ["a"]


def test_a_thousand_claims_stay_in_order():
    claims = [f"c{number}" for number in range(1_000)]
    wrong = {f"c{number}": "r" for number in range(0, 1_000, 7)}
    result = verify(claims, Voters(**wrong)).result

    assert result["refuted"] == [*wrong]
    assert result["supported"] == [claim for claim in claims if claim not in wrong]
    assert result["calls"] == 2_000


def test_max_calls_is_hard_and_decides_as_many_claims_as_it_can():
    played = verify(["a", "b", "c"], max_calls=5)

    assert len(played.asks) == played.result["calls"] == 5
    assert states(played) == ["supported", "supported", "unverified"]
    assert causes(played)[2] == "over_cap"
    assert (played.result["stopped"], played.result["complete"]) == ("max", False)


def test_when_calls_are_scarce_no_group_starves():
    claims = [{"text": f"{group}{n}", "from": group} for group in "abc" for n in range(4)]
    played = verify(claims, group="from", max_calls=6)

    assert [claim["text"] for claim in played.result["supported"]] == ["a0", "b0", "c0"]


@pytest.mark.parametrize("at", range(6))
def test_a_budget_that_ends_on_the_way_leaves_what_was_decided(at):
    def voters(ask):
        if len(seen) == at:
            return Reply(state=EndState.OVER_BUDGET, stop="budget")
        seen.append(ask)
        return {"verdict": "supported", "reason": "so"}

    seen = []
    played = verify(["a", "b", "c"], voters)

    assert len(played.result["supported"]) == at // 2
    assert set(causes(played)) <= {None, "over_budget"}
    assert (played.result["stopped"], played.result["complete"]) == ("budget", False)


def test_a_vote_left_out_to_save_the_budget_leaves_its_claim_unverified_and_others_alone():
    def voters(ask):
        if ask.options["item"] == "a":
            return Reply(state=EndState.OVER_BUDGET, pruned=True)
        return {"verdict": "refuted", "reason": "so"}

    played = verify(["a", "b"], voters)

    assert states(played) == ["unverified", "refuted"]
    assert (played.result["stopped"], played.result["complete"]) == ("budget", False)
