"""The block that ends every report: always there, and silent about nothing."""

from __future__ import annotations

from hocket.api.calls import Usage

GIVEN = {
    "title": "T",
    "claims": [
        {"text": f"Claim {n}.", "state": state, "cause": cause}
        for n, (state, cause) in enumerate(
            [("unverified", "no votes"), ("unverified", "no votes"), ("unverified", "old"),
             ("qualified", ""), ("supported", "")]
        )
    ],
    "coverage": [
        {"unit": "endpoints", "done": 40, "total": 43, "missing": [
            {"unit": "/a", "cause": "stalled"}, {"unit": "/b", "cause": "stalled"},
            {"unit": "/c"}]},
        {"unit": "files", "done": 3, "total": 3},
    ],
    "cut": [{"what": "results", "shown": 12, "total": 40, "rest": ["x", "y"]}],
    "errors": [
        {"what": "verdicts", "p": 0.1, "rho": 0.4, "basis": "priors", "mean": 0.034},
        {"what": "order"},
    ],
    "notes": ["One angle was empty."],
    "extra": 1,
    "ranking": "none",
}  # fmt: skip

BLOCK = """\
## What this rests on

- **Covered:** 40 of 43 endpoints
- **Covered:** 3 of 3 files
- **Not covered:** endpoints: stalled (2): /a, /b, no reason given (1): /c
- **Calls:** ok 84 · cached 3 · stalled 1
- **Failed calls:** no sign for 120 s (1)
- **Unverified:** 3 of 5 claims: no votes (2), old (1)
- **Qualified:** 1 of 5 claims
- **Shortened:** results: 12 of 40 shown (not x, y); all in result.json
- **Error:** verdicts: wrong in about 3.4 %, if a single call is wrong in 10 %, and errors of \
calls go together by 0.4 (0 never, 1 always), taken from priors
- **Error:** order: nobody said how often it is wrong
- **Note:** One angle was empty.
- **Note:** verify: 2 of 40 votes were cast by spares
- **Not shown:** extra; all in result.json
- **Not readable:** ranking; shown below as it is
- **Cost:** 1,000 tokens, $4.31, 23 min 12 s

`ranking`

```
"none"
```
"""


def test_it_says_what_is_missing_cut_open_and_noted_and_what_it_cost(made):
    assert made(GIVEN, complete=False).markdown().endswith(BLOCK)


def test_it_is_there_when_there_is_nothing_to_say(made):
    quiet = made({"title": "T"}, census={}, failures=[], notes=(), usage=Usage(), elapsed_ms=900)
    assert quiet.markdown().endswith(
        "## What this rests on\n\n- **Cost:** 0 tokens, $0.00, 0.9 s\n"
    )


def test_an_error_that_is_assumed_is_told_as_that(made):
    error = {"what": "verdicts", "mean": 0.2, "basis": "assumed"}
    text = made({"errors": [error]}).markdown()
    assert "verdicts: wrong in about 20 %, which is assumed, not measured\n" in text


def test_long_lists_are_counted_and_long_runs_told_in_hours(made):
    missing = [{"unit": f"u{n}", "cause": "x"} for n in range(12)]
    coverage = [{"unit": "files", "done": 0, "total": 12, "missing": missing}]
    usage = Usage(cost_micros=None)
    text = made({"coverage": coverage}, usage=usage, elapsed_ms=3_900_000).markdown()
    assert "files: x (12): u0, u1, u2, u3, u4, u5, u6, u7 and 4 more\n" in text
    assert "0 tokens, price unknown, 1 h 5 min" in text


def test_lists_that_the_report_cuts_are_told_with_their_counts(made):
    claims = [{"text": f"Claim {n}.", "state": "supported"} for n in range(250)]
    text = made({"claims": claims}).markdown()
    assert "### Supported: 100 of 250 shown" in text
    assert "- **Shortened:** claims (supported): 100 of 250 shown; all in result.json" in text
    assert text.count("- **Claim ") == 100


def test_a_value_that_cannot_be_read_is_shown_as_it_is(made):
    text = made(["not", "an object"]).markdown()
    assert "- **Not readable:** data; shown below as it is" in text
    assert '```\n["not", "an object"]\n```' in text
