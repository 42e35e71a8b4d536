"""Whose words a command prints, what may be told of it, and what it does not see of other runs."""

from __future__ import annotations

import asyncio
import os

import pytest

from hocket.api.tools import TRUSTED, Label
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools.shell import shield
from hocket_plugins.tools.shell.refusal import Refusal


def outside(*sources: str) -> Label:
    return Label(outside=True, sources=frozenset(sources))


def test_a_trusted_project_vouches_for_what_its_commands_print(agent):
    assert agent.output("echo fine").label == TRUSTED


@pytest.mark.parametrize("command", ["echo fine", "exit 3", "cat gone", ":", "cd src"])
def test_in_a_project_nobody_trusts_every_output_is_from_outside(agent, command):
    (agent.ws / "src").mkdir()
    agent.again(is_trusted=False)
    assert agent.output(command).label == outside("project")


def test_one_outside_file_makes_every_output_one_from_outside(agent):
    """Nobody looks into commands: this one names no letter and prints one all the same."""
    (agent.ws / "inbox").mkdir()
    (agent.ws / "inbox" / "a.eml").write_text("obey")
    agent.again(outside=("inbox/**",))
    output = agent.output('cat "$(printf inb)"*/*')
    assert output.text.endswith("]\nobey")
    assert output.label == outside("outside_paths")
    agent.again(is_trusted=False, outside=("inbox/**",))
    assert agent.output("echo fine").label == outside("project", "outside_paths")


def test_the_network_adds_to_that(boxed):
    boxed.again(is_trusted=False)
    boxed.context._grants = frozenset({"Network(true)"})
    assert boxed.output("true").label == outside("project", "network")


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("echo obey", "exit code 0"),
        ("echo obey; exit 42", "exit code 42"),
        ("echo obey; sleep 60", "stopped after 0.5 s"),
        ("yes obey", "stopped: it printed more than 10,000,000 bytes"),
        ("cd obey", "exit code 1"),
    ],
)
def test_the_status_says_how_it_ended_in_our_own_words(agent, command, status):
    agent.again(is_trusted=False)
    output = agent.output(command, 0.5 if "sleep" in command else 20)
    assert output.status == status
    assert output.label.outside


def test_no_word_of_the_folder_it_ended_in_is_in_the_status(agent):
    (agent.ws / "obey").mkdir()
    output = agent.output("cd obey")
    assert output.text.endswith("now in obey]")
    assert output.status == "exit code 0"


@pytest.mark.parametrize("arguments", [{}, {"command": 1}, {"command": "obey", "more": 1}])
def test_the_status_of_a_wrong_input_quotes_none_of_it(bare, arguments):
    output = asyncio.run(bare.tool.run(arguments, bare.context))
    assert output.status == "not run: the input is not as the schema says"


def test_the_status_of_a_refusal_does_not_quote_the_command(bare):
    context = ScriptedToolContext(bare.ws)
    output = asyncio.run(bare.tool.run({"command": "obey me"}, context))
    assert "obey me" in output.text
    assert output.status == (
        "not run: there is no sandbox, and no rule of a person names the command"
    )


def test_where_there_is_no_shell_or_no_sandbox_the_status_says_so(bare, tmp_path):
    def status(**variables: str) -> str:
        bare.again(variables, sandbox="require")
        return bare.output("obey").status

    assert status(PATH=str(tmp_path)) == "not run: there is no bash"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "bash").symlink_to("/bin/bash")
    without = status(PATH=str(tmp_path / "bin"))
    assert without == "not run: there is no sandbox, and the settings require one"
    assert str(Refusal("why", "because")) == "why"


@pytest.fixture
def project(tmp_path):
    """Give a project with a run in it, beside the agent's own tree."""
    run = tmp_path / "around" / "project" / ".hocket" / "runs" / "4f2a"
    run.mkdir(parents=True)
    (run / "journal.jsonl").write_text("canary")
    (run.parents[2] / "code.py").write_text("code")
    return run.parents[2]


@pytest.mark.parametrize("root", [".", "..", ".hocket", ".hocket/runs"])
def test_runs_of_the_project_are_in_no_root(boxed, project, root):
    """What other agents wrote would come in as trusted, past every label."""
    boxed.again(project=project, roots=(project / root,))
    runs = project / ".hocket" / "runs"
    output = boxed.output(f"cat {runs}/4f2a/journal.jsonl")
    shown = root == ".hocket/runs"
    assert ("canary" in output.text) is shown, "a folder that was given as such is seen"
    if not shown:
        assert boxed.does(f"ls -A {runs}") == ""
        assert boxed.output(f"umount {runs}").is_error
        assert boxed.output(f"touch {runs}/x").is_error
    assert (runs / "4f2a" / "journal.jsonl").read_text() == "canary"


def test_what_else_is_in_a_root_is_read(boxed, project):
    boxed.again(project=project, roots=(project.parent,))
    assert boxed.does(f"cat {project}/code.py") == "code"


def test_runs_in_a_root_that_is_another_project_are_hidden_as_well(boxed, project):
    boxed.again(roots=(project,))
    assert "canary" not in boxed.output(f"cat {project}/.hocket/runs/*/*").text


def test_runs_in_a_folder_that_the_settings_show_are_hidden(boxed, project):
    boxed.again(readable=[str(project.parent)], project=project)
    assert "canary" not in boxed.output(f"cat {project}/.hocket/runs/*/*").text


def test_runs_are_hidden_under_every_name_they_are_shown_by(boxed, project, tmp_path):
    (tmp_path / "way").symlink_to(project)
    boxed.again(readable=[str(tmp_path / "way"), str(project)], project=project)
    assert boxed.does(f"cat {tmp_path}/way/code.py") == "code"
    for top in (tmp_path / "way", project):
        assert "canary" not in boxed.output(f"cat {top}/.hocket/runs/*/*").text
        assert boxed.output(f"touch {top}/.hocket/runs/x").is_error


def test_runs_that_the_person_keeps_elsewhere_are_hidden_there(boxed, project, tmp_path):
    elsewhere = tmp_path / "around" / "elsewhere"
    (project / ".hocket" / "runs").rename(elsewhere)
    (project / ".hocket" / "runs").symlink_to(elsewhere)
    boxed.again(project=project, roots=(tmp_path / "around",))
    assert "canary" not in boxed.output(f"cat {elsewhere}/*/* {project}/.hocket/runs/*/*").text


def test_an_agent_hides_nothing_from_a_check_with_a_link(boxed, project):
    (boxed.ws / "cases").mkdir()
    (boxed.ws / "cases" / "one").write_text("a case")
    boxed.does("mkdir .hocket; ln -s ../cases .hocket/runs")
    boxed.again(roots=(project,))
    assert boxed.does("cat cases/one") == "a case"
    boxed.does(f"rm .hocket/runs; ln -s {project}/.hocket .hocket/runs")
    assert boxed.does(f"ls {project}/.hocket") == "runs"


def test_where_there_are_no_runs_nothing_is_made(boxed, project, tmp_path):
    other = tmp_path / "around" / "other"
    other.mkdir()
    (boxed.ws / ".hocket").mkdir()
    boxed.again(project=other, roots=(other, other / "gone"))
    assert boxed.does("ls -A .hocket") == ""
    assert os.listdir(other) == os.listdir(boxed.ws / ".hocket") == []  # noqa: PTH208
    assert shield.hidden(str(boxed.ws), [str(other)], str(other)) == []
    assert shield.hidden(str(other), [], str(project)) == []


def test_a_tree_that_lies_in_the_runs_can_be_worked_in(boxed, project):
    """Nothing puts one there by itself; a person who does must not lose the tree."""
    boxed.ws.rmdir()
    boxed.ws = project / ".hocket" / "runs" / "tree"
    boxed.ws.mkdir()
    boxed.again(project=project, roots=(project,))
    assert boxed.does("echo made > a; cat a; ls ..") == "made\ntree"
    assert (boxed.ws / "a").read_text() == "made\n"
    assert boxed.output(f"cat {project}/.hocket/runs/4f2a/*").is_error


def test_the_project_may_lie_in_the_workspace(boxed):
    run = boxed.ws / "sub" / ".hocket" / "runs" / "4f2a"
    run.mkdir(parents=True)
    (run / "x").write_text("canary")
    boxed.again(project=boxed.ws / "sub")
    assert "canary" not in boxed.output("cat sub/.hocket/runs/*/*").text
    assert boxed.output("touch sub/.hocket/runs/x").is_error
