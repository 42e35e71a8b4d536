"""Which uses of a turn wait for each other."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api.messages import ToolUse
from hocket.api.tools import Effect
from hocket_plugins.backends.agent_loop import jobs

WRITES = frozenset({Effect.WRITE_WORKSPACE})


def job(agents, number, path, *, writes):
    tool = agents.Trick("T", effects=WRITES if writes else frozenset())
    use = ToolUse(id=f"{number}", name="T", raw="{}")
    return jobs.Job(use, tool, {} if path is None else {"path": path})


def ids(lines):
    return [[job.use.id for job in line] for line in lines]


def test_one_job_is_one_row(agents):
    one = job(agents, 1, "a", writes=True)
    assert ids(jobs.rows([one], Path("/w"))) == [["1"]]
    assert jobs.rows([], Path("/w")) == []


def test_readers_of_a_file_do_not_wait_unless_somebody_writes_it(agents):
    read = [job(agents, n, "a", writes=False) for n in range(3)]
    assert ids(jobs.rows(read, Path("/w"))) == [["0"], ["1"], ["2"]]
    both = [*read, job(agents, 3, "./x/../a", writes=True)]
    assert ids(jobs.rows(both, Path("/w"))) == [["0", "1", "2", "3"]]


def test_a_path_that_is_no_text_stands_alone(agents):
    odd = [job(agents, n, [n], writes=True) for n in range(2)]
    assert ids(jobs.rows(odd, Path("/w"))) == [["0"], ["1"]]


@given(wanted=st.lists(st.tuples(st.sampled_from(["a", "/w/a", "b", None]), st.booleans())))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_job_has_one_row_and_a_written_file_has_one_too(agents, wanted):
    given_jobs = [job(agents, n, path, writes=w) for n, (path, w) in enumerate(wanted)]
    found = ids(jobs.rows(given_jobs, Path("/w")))
    assert sorted(i for line in found for i in line) == sorted(j.use.id for j in given_jobs)
    for name in "ab":
        mine = [(f"{n}", w) for n, (path, w) in enumerate(wanted) if path and path[-1] == name]
        if any(writes for _, writes in mine):
            assert [use for use, _ in mine] in found
