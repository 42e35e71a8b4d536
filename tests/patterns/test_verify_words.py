"""verify: what a voter is told, what it is not, and with which options it is asked."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from hocket.api.calls import EndState
from hocket.api.patterns.context import Reply
from hocket.testing.patterns import run_pattern
from hocket_plugins.patterns.verify.pattern import Verify

LENSES = ["Look for a counter-example", "Judge only by the source", "Work it out anew"]


def agree(_ask):
    return {"verdict": "supported", "reason": "so"}


def asked(claims, answers=agree, *, args=None, screens=None, **arguments):
    given = {"claims": claims, **arguments}
    return run_pattern(Verify(), given, answers, args=args, screens=screens).asks


def test_what_all_share_stands_first_then_lens_claim_evidence_and_the_number():
    claim = {"text": "It rains.", "passages": ["Rain fell."], "by": "agent 7", "confidence": 0.9}
    ask = asked([claim], against="Prove it wrong.", evidence="passages")[0]

    parts = ["Prove it wrong.", "cannot_tell:", "Judge by the passages", "counter-example",
             '<item>\n{"text":"It rains."}\n</item>',
             '<evidence>\n["Rain fell."]\n</evidence>', "Vote 1."]  # fmt: skip
    places = [ask.prompt.index(part) for part in parts]
    assert places == sorted(places)
    assert ask.prompt.endswith("Vote 1.")


def test_siblings_differ_only_behind_what_they_share():
    first, second = asked(["a", "b"], lead=1)

    same = next(n for n, (x, y) in enumerate(zip(first.prompt, second.prompt)) if x != y)  # noqa: B905
    assert first.prompt[:same].endswith("<item>\n")


@pytest.mark.parametrize(
    "field", ["by", "claimant", "claimed_by", "confidence", "seen_by", "votes", "verdict"]
)
def test_no_voter_learns_who_claims_it_or_what_others_made_of_it(field):
    ask = asked([{"text": "x", field: "canary"}])[0]

    assert "canary" not in ask.prompt
    assert ask.options["item"] == {"text": "x"}


def test_no_voter_sees_another_vote():
    def votes(ask):
        return {"verdict": "refuted", "reason": "canary", "quote": "canary"}

    assert not any("canary" in ask.prompt for ask in asked(["a"], votes, lead=4))


def test_lenses_take_turns():
    asks = asked(["a"], lead=4)

    shown = [next(lens for lens in LENSES if lens in ask.prompt) for ask in asks]
    assert shown == [*LENSES, LENSES[0]]


def test_a_lens_may_have_options_of_its_own():
    lenses = ["Think.", {"say": "Look it up.", "tools": ["WebSearch"], "model": "large"}]
    first, second = asked(["a"], lenses=lenses, model="small", effort="low")

    assert (first.options["model"], first.options.get("tools")) == ("small", None)
    assert (second.options["model"], second.options["tools"]) == ("large", ["WebSearch"])
    assert first.options["effort"] == second.options["effort"] == "low"


def test_judges_that_are_shown_evidence_get_no_tools_unless_somebody_says_so():
    claims = [{"text": "x", "passages": "y"}]

    assert "tools" not in asked(claims)[0].options
    assert asked(claims, evidence="passages")[0].options["tools"] == []
    assert asked(claims, evidence="passages", tools=["Read"])[0].options["tools"] == ["Read"]
    lens = {"say": "Look.", "tools": ["Grep"]}
    assert asked(claims, evidence="passages", lenses=[lens])[0].options["tools"] == ["Grep"]


def test_a_claim_without_evidence_gets_no_votes_where_evidence_is_what_counts():
    claims = [{"text": "x"}, "y", {"text": "z", "passages": []}]
    played = run_pattern(Verify(), {"claims": claims, "evidence": "passages"}, agree)

    assert played.asks == []
    assert [told["cause"] for told in played.result["verdicts"]] == ["no evidence"] * 3
    assert played.result["unverified"] == claims


def test_votes_are_marked_as_such_for_routers_and_views():
    first, second = asked(["a"], phase="Check")

    assert (first.options["role"], first.options["phase"]) == ("vote", "Check")
    assert (first.options["label"], second.options["label"]) == (
        "vote 1 on claim 1",
        "vote 2 on claim 1",
    )
    assert first.options["schema"]["properties"]["verdict"]["enum"] == [
        "supported",
        "refuted",
        "qualified",
        "cannot_tell",
    ]
    assert asked(["a"], label="mine")[0].options["label"] == "mine"


def test_what_is_asked_against_a_claim_is_a_template():
    ask = asked(["rain"], against="In {args.town}, is “{item}” wrong? ({index} of {count})",
                args={"town": "Bergen"}, lead=1)[0]  # fmt: skip

    assert ask.prompt.startswith("In Bergen, is “rain” wrong? (0 of 1)")
    assert "<item>" not in ask.prompt


@pytest.mark.parametrize("words", [{"against": "{itme}"}, {"lenses": ["fine", "not {fine}"]}])
def test_a_misspelt_place_costs_nothing(words):
    seen = []
    with pytest.raises(TypeError, match="is not known here"):
        run_pattern(Verify(), {"claims": ["a"], **words}, seen.append)
    assert seen == []


def test_braces_in_a_claim_are_never_places():
    assert "{args.secret} {" in asked(["{args.secret} {"], args={"secret": "canary"})[0].prompt


def test_first_votes_on_what_matters_most_are_required_and_later_ones_worth_what_they_mend():
    claims = [{"text": text, "importance": text} for text in ("high", "normal", "low")]
    split = iter("srsrsr" + "s" * 99)
    verdicts = {"s": "supported", "r": "refuted"}
    asks = asked(claims, lambda _ask: {"verdict": verdicts[next(split)], "reason": "so"})

    worth = [(ask.options["item"]["text"], ask.worth) for ask in asks]
    assert worth[:6] == [("high", None)] * 2 + [("normal", 0.75)] * 2 + [("low", 0.5)] * 2
    assert worth[6:] == [("high", 0.5)] * 2 + [("normal", 0.25)] * 2 + [("low", 0.0)] * 2


def test_a_vote_that_could_hardly_change_anything_is_worth_little():
    told = iter(["supported"] * 3 + ["refuted"] + ["supported"] * 9)
    asks = asked(["a"], lambda _ask: {"verdict": next(told), "reason": "so"}, lead=4, rho=0)

    assert asks[4].worth == pytest.approx(0.0588, abs=1e-4)


def test_all_votes_of_a_claim_share_their_spares():
    asks = asked(["a", "b"])

    assert asks[0].spares is asks[1].spares
    assert asks[0].spares is not asks[2].spares
    assert asks[0].spares.left == 3


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"lead": 5}, "less than or equal to 4"),
        ({"lead": {"high": 0}}, "greater than or equal to 1"),
        ({"cap": 1}, "cap: 1 votes never lead by 2"),
        ({"lead": {"high": 4}, "cap": 3}, "cap: 3 votes never lead by 4"),
        ({"cap": 2, "screen": ["numbers_match"]}, "cap: 2 votes never lead by 3"),
        ({"rule": "majority", "cap": 4}, "cap: 4 is even; a majority needs an odd one"),
        ({"controls": [{"text": "x"}]}, "controls: each needs its known verdict"),
        ({"p": 0.5}, "less than 0.5"),
        ({"rho": 1}, "less than 1"),
        ({"quota": 0}, "greater than or equal to 1"),
        ({"lenses": []}, "at least 1 item"),
        ({"lenses": [{"say": "x", "modle": "y"}]}, "did you mean 'model'?"),
        ({"modle": "y"}, "did you mean 'model'?"),
    ],
)
def test_misuse_is_told_before_anything_is_asked(wrong, told):
    with pytest.raises(ValidationError, match=told.replace("?", r"\?")):
        run_pattern(Verify(), {"claims": ["a"], **wrong}, agree)


def test_a_cap_below_the_lead_is_fine_where_the_majority_decides_there():
    given = {"claims": ["a"], "cap": 1, "at_cap": "majority"}

    assert run_pattern(Verify(), given, agree).result["supported"] == ["a"]


def test_a_screen_that_tells_nothing_of_claims_is_misuse():
    with pytest.raises(ExceptionGroup) as caught:
        asked(["a"], screen=["text_key"])
    assert "tells nothing of a claim" in str(caught.value.exceptions[0])


def test_hockets_own_screens_look_at_claims():
    played = run_pattern(
        Verify(),
        {"claims": [{"quote": "rain fell", "source": "a.txt"}], "screen": ["quote_in_source"]},
        agree,
    )

    assert played.result["verdicts"][0]["cause"] == "quote not in source"


def test_handles_pass_through_unread():
    handles = [{"text": f"⟦h:{n}⟧", "importance": f"⟦h:i{n}⟧", "of": f"⟦h:g{n}⟧"} for n in range(4)]
    plain = [{"text": f"text {n}", "importance": "normal", "of": n} for n in range(4)]

    def judge(ask):
        return {"verdict": "refuted", "reason": "⟦h:r⟧", "quote": "⟦h:q⟧"}

    given = {"group": "of", "lead": {"normal": 2, "high": 3}}
    opaque = run_pattern(Verify(), {"claims": handles, **given}, judge).result
    open_ = run_pattern(Verify(), {"claims": plain, **given}, judge).result
    assert opaque["verdicts"] == open_["verdicts"]
    assert opaque["refuted"] == handles
    assert opaque["verdicts"][0]["quotes"] == ["⟦h:q⟧", "⟦h:q⟧"]


def test_a_vote_not_asked_names_no_call():
    def stopped(_ask):
        return Reply(state=EndState.QUOTA, stop="quota")

    played = run_pattern(Verify(), {"claims": ["a"]}, stopped)
    assert played.result["verdicts"][0]["failed"] == 0
    assert played.result["stopped"] == "quota"
