"""What a router made of the calls: tries read from journals, shares, and worth beside labels."""

from __future__ import annotations

import json

import pytest

from hocket.api.calls import Bound, EndState, Usage
from hocket.errors import UsageError
from hocket.launch.project import Project
from hocket.launch.routing import compare, courses, read_labels, shares
from hocket.launch.routing.comparison import best_single, oracle
from hocket.launch.routing.labels import Mark
from hocket.testing import After, Fail, ScriptedBackend, Stage, Tokens, resume_script, run_script

SOURCE = '''"""Questions."""
from hocket.script import agent, parallel

meta = {"name": "questions"}


async def main():
    calls = [lambda i=i: agent(f"question {i}", label=f"q{i}") for i in range(4)]
    return await parallel(calls)
'''
CONFIG = """
router = "escalate"
[router_escalate]
weak = "weak"
strong = "strong"
judge = "judge"
verify = "Is it right?"
"""
WRONG_ONES = ("question 1", "question 3")
SECONDS = {"weak": 1, "judge": 2, "strong": 10}
MICROS = {"weak": 100_000, "judge": 50_000, "strong": 1_000_000}


def answer(call):
    """Let the weak model be wrong about two of the four, and the judge see it."""
    model = call.options.model
    said = f"{model} says"
    if model == "judge":
        said = {"right": not any(wrong in call.prompt for wrong in WRONG_ONES)}
    usage = Usage(output=10, cost_micros=MICROS.get(model, 0))
    return After(SECONDS.get(model, 0), Tokens(usage, said))


@pytest.fixture
def escalated(hocket_project):
    """Give a run of four calls, of which two are escalated, and its project."""
    (hocket_project / ".hocket" / "config.toml").write_text(CONFIG, "utf-8")
    outcome = run_script(SOURCE, {"": answer}, project=hocket_project)
    return hocket_project, outcome


def read(project, outcome):
    return courses(Project.open(project).store(), outcome.run_id)


def test_the_course_of_a_call_has_every_model_that_was_asked_for_it(escalated):
    taken = read(*escalated)
    assert [(c.label, c.prompt, c.fine) for c in taken] == [
        (f"q{i}", f"question {i}", True) for i in range(4)
    ]
    assert [[one.model for one in course.tries] for course in taken] == [
        ["weak", "judge"],
        ["weak", "judge", "strong"],
        ["weak", "judge"],
        ["weak", "judge", "strong"],
    ]
    assert [one.aside for one in taken[1].tries] == [False, True, False]
    assert [one.wall_ms for one in taken[1].tries] == [1_000, 2_000, 10_000]
    assert [one.usage.cost_micros for one in taken[1].tries] == [100_000, 50_000, 1_000_000]
    assert taken[1].usage.cost_micros == 1_150_000


def test_shares_count_answers_tries_money_and_the_time_that_asking_twice_added(escalated):
    told = shares(read(*escalated))
    assert (told.calls, told.escalated, told.asides) == (4, 2, 4)
    assert told.added_ms == 2 * 2_000 + 2 * 3_000
    assert told.usage.cost_micros == 2_600_000
    assert [(s.model, s.calls, s.tries, s.usage.cost_micros) for s in told.models] == [
        ("weak", 2, 4, 400_000),
        ("strong", 2, 2, 2_000_000),
        ("judge", 0, 4, 200_000),
    ]


def test_a_run_without_a_router_has_one_try_for_each_call(hocket_project):
    outcome = run_script(SOURCE, {"": answer}, project=hocket_project)
    told = shares(read(hocket_project, outcome))
    assert [(s.model, s.calls) for s in told.models] == [(None, 4)]
    assert (told.escalated, told.added_ms) == (0, 0)


def test_a_call_of_two_lives_pays_for_both_and_is_escalated_only_by_the_last(escalated):
    project, _ = escalated
    spent = ScriptedBackend({"": lambda c: Fail(EndState.QUOTA) if _is_strong(c) else answer(c)})
    before = run_script(SOURCE, spent, project=project)
    assert before.status == "suspended"
    right = {"": lambda call: {"right": True} if call.options.role else answer(call)}
    after = resume_script(before.run_id, right, project=project)
    taken = {course.label: course for course in read(project, after)}
    assert [one.model for one in taken["q1"].tries] == ["weak", "judge", "strong", "weak", "judge"]
    assert [one.model for one in taken["q1"].answers] == ["weak"]
    assert shares([*taken.values()]).escalated == 0


def _is_strong(call):
    return call.options.model == "strong"


class TwoTurns:
    """An agent that takes a second turn."""

    async def obey(self, _call, context):
        context.spend(Usage(output=10, cost_micros=1))
        assert context.grow(Bound(50))
        context.spend(Usage(output=20, cost_micros=2))
        return "done"


def test_the_turns_of_a_try_belong_to_its_model(hocket_project):
    source = SOURCE.replace("label=", 'model="weak", label=')
    outcome = run_script(source, {"": TwoTurns()}, project=hocket_project)
    (share,) = shares(read(hocket_project, outcome)).models
    assert (share.model, share.tries, share.usage.output) == ("weak", 4, 120)


def test_nobody_ran_so_nobody_has_a_share(hocket_project):
    source = SOURCE.replace("range(4)", "range(0)")
    outcome = run_script(source, {"": answer}, project=hocket_project)
    told = shares(read(hocket_project, outcome))
    assert (told.calls, told.models, told.usage) == (0, (), Usage())


def test_a_prompt_that_was_too_long_for_a_line_is_read_as_it_was(hocket_project):
    source = SOURCE.replace("range(4)", "range(1)").replace("question {i}", "{i}" + "x" * 90_000)
    outcome = run_script(source, {"": "done"}, project=hocket_project)
    assert read(hocket_project, outcome)[0].prompt == "0" + "x" * 90_000


RIGHT = {"weak": [1, 0, 1, 1], "strong": [1, 1, 1, 0]}
LABELS = {
    f"q{i}": {"weak": Mark(RIGHT["weak"][i], 0.1), "strong": Mark(RIGHT["strong"][i], 1.0)}
    for i in range(4)
}


def test_the_routes_stand_beside_the_best_single_model_and_the_oracle(escalated):
    compared = compare(read(*escalated), LABELS)
    assert compared.calls == 4
    assert (compared.routed.accuracy, compared.routed.cost) == (0.75, pytest.approx(2.6))
    assert (compared.best_single.model, compared.best_single.accuracy) == ("weak", 0.75)
    assert compared.best_single.cost == pytest.approx(0.4)
    assert (compared.oracle.accuracy, compared.oracle.cost) == (1.0, pytest.approx(1.3))
    assert compared.closed == 0.0


def test_the_share_of_the_gap_is_of_accuracy_and_may_be_negative(escalated):
    taken = read(*escalated)
    hard = {"weak": Mark(0, 0.1), "strong": Mark(1, 1.0)}
    easy = {"weak": Mark(1, 0.1), "strong": Mark(0, 1.0)}
    met = compare(taken, {"q0": easy, "q1": hard, "q2": easy, "q3": hard})
    assert (met.best_single.accuracy, met.oracle.accuracy, met.closed) == (0.5, 1.0, 1.0)
    missed = compare(taken, {"q0": hard, "q1": easy, "q2": hard, "q3": easy})
    assert missed.closed == -1.0
    assert compare(taken, {"q1": hard}).closed is None


def test_labels_are_found_by_label_else_by_prompt_and_the_rest_is_left_out(escalated):
    taken = read(*escalated)
    assert compare(taken, {"question 2": LABELS["q2"]}).calls == 1
    assert compare(taken, {"q1": {"weak": Mark(1)}}) is None
    assert compare(taken, {"elsewhere": LABELS["q2"]}) is None


def test_a_call_without_an_answer_is_wrong(hocket_project):
    outcome = run_script(
        SOURCE.replace('label=f"q{i}"', 'label=f"q{i}", model="weak"'),
        {"question 0": Fail(), "": answer},
        project=hocket_project,
        stage=Stage(),
    )
    compared = compare(read(hocket_project, outcome), LABELS)
    assert compared.routed.accuracy == 0.5


def test_where_no_model_has_all_labels_there_is_no_best_single_one(escalated):
    taken = read(*escalated)
    compared = compare(taken, {"q0": {"weak": Mark(1)}, "q1": {"strong": Mark(0)}})
    assert (compared.calls, compared.best_single, compared.closed) == (2, None, None)
    assert compared.oracle.accuracy == 0.5


def test_ties_go_to_the_cheaper_and_a_model_without_all_labels_is_no_single_one():
    dear, cheap = Mark(1, 3.0), Mark(1, 1.0)
    assert best_single([{"a": dear, "b": cheap}]).model == "b"
    assert best_single([{"a": dear, "b": cheap}, {"a": dear}]).model == "a"
    assert oracle([{"a": dear, "b": cheap}]).cost == 1.0
    assert oracle([{"a": Mark(0, 3.0), "b": Mark(0, 1.0)}]).cost == 1.0
    assert oracle([{"a": Mark(1), "b": Mark(0)}]).cost is None


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


TABLES = {
    "odd.csv": '\ufeffprompt,weak,strong\nq0,1,0\n"q\u2028\r\nx",0,1\nq1,,1\n',
    "bench.csv": "sample_id,prompt,eval_name,weak,strong,weak|model_response,weak|total_cost,"
    "strong|total_cost,oracle_model_to_route_to\n"
    'q0,"a, b",mmlu,1.0,0.25,"it\nis",0.1,2,weak\nq1,c,mmlu,0,1,no,0.1,2,strong\n',
    "evaluation.csv": "prompt,domain,weak,strong\nq0,law,True,False\nq1,law,FALSE,true\n",
    "labels.json": json.dumps(
        [
            {"query": "q0", "right": {"weak": True, "strong": 0}, "cost": {"weak": 0.1}},
            {"query": "q1", "right": {"weak": 0, "strong": 1}},
        ]
    ),
}


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("bench.csv", {"weak": Mark(1.0, 0.1), "strong": Mark(0.25, 2.0)}),
        ("odd.csv", {"weak": Mark(1.0), "strong": Mark(0.0)}),
        ("evaluation.csv", {"weak": Mark(1.0), "strong": Mark(0.0)}),
        ("labels.json", {"weak": Mark(1.0, 0.1), "strong": Mark(0.0)}),
    ],
)
def test_a_table_is_read_as_people_have_it(tmp_path, name, first):
    labels = read_labels(written(tmp_path, name, TABLES[name]))
    assert labels["q0"] == first
    assert labels["q1"]["strong"].right == 1.0


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("t.csv", "", "its columns are none"),
        ("t.csv", "name,weak\na,1\n", "its columns are name, weak"),
        ("t.csv", "query,weak,weak|total_cost\na,much,1\n", "it is no table of labels"),
        ("t.json", "[", "it is no table of labels"),
        ("t.json", "[]", "it has no query"),
        ("t.json", '[{"query": "a"}]', "needs `query` and `right`"),
        ("t.json", '{"right": {"a": 1}}', "it is no table of labels ('query')"),
    ],
)
def test_what_is_no_table_is_refused_with_what_was_found(tmp_path, name, text, found):
    with pytest.raises(UsageError) as refused:
        read_labels(written(tmp_path, name, text))
    assert found in refused.value.message


def test_a_table_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"labels none\.csv: No such file"):
        read_labels(tmp_path / "none.csv")
