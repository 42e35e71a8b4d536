"""`hocket pattern`: one pattern on a list, as a run with a journal, a card and a resume."""

from __future__ import annotations

import json

import pytest

CLAIMS = [{"text": "the sky is blue"}, {"text": "the moon is cheese"}]


@pytest.fixture
def claims(desk):
    (desk.project / "claims.json").write_text(json.dumps(CLAIMS), "utf-8")
    (desk.project / "bugs.txt").write_text("crash\nslow\ntypo\n", "utf-8")
    return desk


def test_a_pattern_runs_on_the_items_of_a_file(claims):
    code, told = claims.json(
        "pattern", "verify", "--items", "claims.json", "--simulate", "seed=1", "--yes"
    )

    assert code == 0
    assert (told["command"], told["name"], told["status"]) == (
        "pattern",
        "pattern-verify",
        "completed",
    )
    result = told["result"]
    settled = [
        *result["supported"],
        *result["refuted"],
        *result["qualified"],
        *result["unverified"],
    ]
    assert sorted(settled, key=str) == sorted(CLAIMS, key=str)
    assert result["calls"] == sum(told["census"].values())


def test_words_and_settings_go_to_the_arguments_they_fit(claims):
    typed = ("pattern", "rank", "which", "hurts", "most", "--items", "bugs.txt")
    code, told = claims.json(
        *typed, "--set", "top=1", "--set", "model=small", "--simulate", "seed=1", "--yes"
    )

    assert code == 0
    assert told["result"]["top"][0] in ("crash", "slow", "typo") or told["result"]["top"]


def test_all_arguments_can_come_as_json(claims):
    arguments = json.dumps({"records": [{"id": 1, "n": 2}, {"id": 1, "n": 3}], "key": "id"})
    code, told = claims.json(
        "pattern", "merge", "--args", arguments, "--simulate", "seed=1", "--yes"
    )

    assert code == 0
    assert told["result"]["conflicts"][0]["field"] == "n"
    assert told["census"] == {}


def test_a_run_of_a_pattern_resumes_like_any_other(claims):
    _, before = claims.json(
        "pattern",
        "verify",
        "--items",
        "claims.json",
        "--simulate",
        "fail=1,fail_state=timeout",
        "--yes",
    )
    code, after = claims.json("resume", before["run_id"], "--simulate", "seed=1", "--yes")

    assert code == 0
    assert set(after["census"]) <= {"ok", "cached"}
    assert after["result"]["complete"] is True


def test_without_a_name_the_patterns_are_listed(claims):
    code, told = claims.json("pattern")
    rows = {row["name"]: row for row in told["patterns"]}

    assert code == 0
    assert rows["verify"]["arguments"].startswith("claims [")
    assert rows["fan_out"]["summary"].endswith(".")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("verfy",), "pattern 'verfy': no such pattern is installed; expected one of verify"),
        (("verify",), "pattern verify: claims: Field required"),
        (("verify", "--items", "claims.json", "--set", "lead=9"), "pattern verify: lead"),
        (("verify", "--items", "claims.json", "--set", "modl=x"), "'modl' is no option of agent()"),
        (("verify", "--items", "claims.json", "--set", "lead"), "--set: 'lead'"),
        (("verify", "--items", "nothing.json"), "nothing.json: No such file"),
        (("verify", "--args", "[1]"), "--args: it is no JSON object"),
        (
            (
                "classify_and_act",
                "--items",
                "claims.json",
                "--args",
                '{"items": [], "confirm": []}',
            ),
            "no argument that is a list is left for them",
        ),
        (("zzzz",), "expected one of classify_and_act, fan_out"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_starts(claims, typed, message):
    code, told = claims.json("pattern", *typed, "--simulate", "seed=1", "--yes")

    assert code == 2
    assert message in told["error"]["message"]
    assert not list((claims.project / ".hocket" / "runs").glob("*"))
