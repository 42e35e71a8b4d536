"""Bash: a fresh shell each time, told plainly how it ended."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from hocket.api.settings import PluginSettings
from hocket.api.tools import Effect, Label, Workspace
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools import shell
from hocket_plugins.tools.shell.section import Shell

UNBOXED = "; shell: not sandboxed: turned off by a setting]"


def end_of(agent) -> str:
    return UNBOXED if agent.mode == "off" else "]"


def test_a_command_prints_and_ends(agent):
    output = agent.output("echo out; echo err >&2; echo again")
    assert output.text == f"[exit code 0{end_of(agent)}\nout\nerr\nagain\n"
    assert (output.is_error, output.label) == (False, Label())


def test_a_failure_is_an_output_with_its_code(agent):
    output = agent.output("echo so; exit 3")
    assert (output.is_error, output.text) == (True, f"[exit code 3{end_of(agent)}\nso\n")
    assert agent.head("kill -9 $$").startswith("[exit code 137")
    assert agent.head("no-such-program").startswith("[exit code 127")
    assert agent.output("false; true").is_error is False


def test_a_command_that_prints_nothing(agent):
    assert agent.output("true").text == f"[exit code 0{end_of(agent)}"


def test_a_syntax_error_names_the_line_of_the_command(agent):
    text = agent.output("true\nif then").text
    assert "line 2: syntax error" in text
    assert text.startswith("[exit code 2")


def test_several_lines_quotes_and_here_documents(agent):
    assert agent.does("cat <<'END'\na \"b\" $c\nEND\necho 'it''s'") == 'a "b" $c\nits'


def test_it_hears_nobody(agent):
    assert agent.does("cat; read -r line || echo nothing") == "nothing"


def test_it_is_a_shell_without_anybodys_settings(agent):
    (agent.home / ".bashrc").write_text("echo rc")
    (agent.home / ".bash_profile").write_text("echo profile")
    assert agent.does("shopt -q login_shell || echo plain; echo $-") == "plain\nhBc"


def test_signals_are_as_in_any_shell(agent):
    """Python ignores SIGPIPE; a shell whose children ignore it prints errors for `yes | head`."""
    assert agent.does("set -o pipefail; yes | head -1 || echo $?") == "y\n141"
    assert agent.does("grep SigIgn /proc/self/status").split()[-1] == "0" * 16


def test_it_has_a_session_and_a_group_of_its_own(agent):
    pid, group, session = agent.does("cut -d' ' -f1,5,6 /proc/$$/stat").split()
    assert group != str(os.getpgid(0))
    assert session != str(os.getsid(0))
    if agent.mode == "off":
        assert pid == group == session


def test_the_working_directory_is_carried_over_and_variables_are_not(agent):
    (agent.ws / "src" / "deep").mkdir(parents=True)
    assert agent.head("cd src; export X=1; f() { :; }").startswith("[exit code 0")
    output = agent.output("pwd; echo ${X:-unset}; cd deep; exit 7")
    assert output.text.splitlines()[1:] == [str(agent.ws / "src"), "unset"]
    assert "now in src/deep" in output.text
    assert agent.does("pwd") == str(agent.ws / "src" / "deep")
    agent.again()
    assert agent.does("pwd") == str(agent.ws)


def test_a_directory_that_went_away_is_not_carried_over(agent):
    (agent.ws / "gone").mkdir()
    agent.does("cd gone")
    (agent.ws / "gone").rmdir()
    assert agent.does("pwd") == str(agent.ws)


def test_leaving_the_workspace_is_said_and_not_carried_over(agent):
    (agent.ws / "src").mkdir()
    agent.does("cd src")
    head = agent.head("cd /usr")
    assert "no command begins where it ended: the next one begins in the workspace again" in head
    assert agent.does("pwd") == str(agent.ws)


@pytest.mark.parametrize("name", [".git/hooks", ".hocket", "sub/.Claude", "a/.agents/b"])
def test_a_folder_that_steers_something_is_not_carried_over(agent, name):
    """Rules judge `> x` beneath the workspace: there it may not mean `.git/hooks/x`."""
    (agent.ws / name).mkdir(parents=True)
    head = agent.head(f"cd {name}")
    assert "no command begins where it ended" in head
    assert agent.does("pwd -P") == str(agent.ws.resolve())


def test_what_a_command_writes_in_the_place_of_its_directory_is_not_believed(agent):
    (agent.ws / "link").symlink_to("/usr")
    for words in ("/usr", "link", "../..", "\\0", f"{agent.ws}/link", "x" * 9000):
        agent.output(f"trap - EXIT; printf '{words}' >&3")
        assert agent.does("pwd") == str(agent.ws)
    agent.output("trap - EXIT")
    assert agent.does("pwd") == str(agent.ws)


def test_a_directory_whose_name_is_no_utf_8(agent):
    (agent.ws / os.fsdecode(b"caf\xe9")).mkdir()
    assert "now in caf\ufffd" in agent.head("cd caf*")
    agent.does("echo x > here")
    assert (agent.ws / os.fsdecode(b"caf\xe9") / "here").exists()


def test_two_commands_of_one_call_run_beside_each_other(agent):
    """The clean-up of the first one must not end the second."""

    async def story() -> list[str]:
        async with asyncio.TaskGroup() as group:
            slow = group.create_task(agent.use("until [ -e done ]; do sleep 0.02; done; echo slow"))
            quick = await agent.use("sleep inf & echo quick")
            (agent.ws / "done").touch()
        return [quick.text.splitlines()[-1], slow.result().text.splitlines()[-1]]

    assert asyncio.run(story()) == ["quick", "slow"]


def test_the_time_is_limited(agent):
    head = agent.head("echo begun; sleep inf", 0.3)
    assert head == f"[stopped after 0.3 s{end_of(agent)}"
    agent.again(timeout_s=0.3)
    output = agent.output("echo begun; sleep inf")
    assert (output.is_error, output.text.splitlines()[1]) == (True, "begun")


def test_a_command_that_ended_in_time_did_not_time_out_while_it_was_cleaned_up(bare):
    """Two seconds are given to a daemon that does not listen; the command was done before."""
    output = bare.output("(trap '' TERM; exec sleep inf) & echo done", 1.0)
    assert (output.is_error, output.text.splitlines()[-1]) == (False, "done")


def test_a_sign_of_life_is_given_while_it_prints(agent):
    class Clock:
        now = 0.0

        def monotonic(self) -> float:
            self.now += 1.5
            return self.now

    agent.context._clock = Clock()
    agent.does("for i in 1 2 3 4; do echo $i; sleep 0.05; done")
    assert agent.context.said[0].startswith("Bash: ")
    assert len(agent.context.said) <= 3


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({}, "command: field required"),
        ({"command": ""}, "command: string should have at least 1 character"),
        ({"command": "x" * 100_001}, "command: string should have at most 100000 characters"),
        ({"command": "a\0b"}, "command: string should match pattern"),
        ({"command": "\ud800"}, "command: "),
        (
            {"command": "x", "timeout_s": 601},
            "timeout_s: input should be less than or equal to 600",
        ),
        ({"command": "x", "timeout_s": 0}, "timeout_s: input should be greater than 0"),
        ({"command": "x", "timeout": 5}, "timeout: extra inputs are not permitted"),
        ({"command": 5}, "command: input should be a valid string"),
    ],
)
def test_a_wrong_input_is_named_and_nothing_runs(bare, arguments, reason):
    output = asyncio.run(bare.tool.run(arguments, bare.context))
    assert output.is_error
    assert reason in output.text


def test_the_longest_command_that_is_taken_runs(agent):
    text = "x" * (100_000 - 5)
    assert agent.does(f"echo {text}").startswith("xxx")


def test_without_bash_it_says_so(bare):
    bare.again({"PATH": str(bare.ws)})
    assert bare.output("true").text == "bash is not installed"


def test_a_bash_inside_the_workspace_is_not_ours_to_run(bare):
    (bare.ws / "bash").write_text("#!/bin/sh\ntouch ran\n")
    (bare.ws / "bash").chmod(0o755)
    bare.again({"PATH": str(bare.ws)})
    assert bare.output("true").text == "bash is not installed"
    assert not (bare.ws / "ran").exists()


def test_a_shell_that_cannot_start_says_why(bare, tmp_path):
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "bash").write_text("#!/no/such/interpreter\n")
    (fake / "bash").chmod(0o755)
    bare.again({"PATH": str(fake)})
    output = bare.output("true")
    assert output.text.startswith("[exit code 126")
    assert "hocket: the shell cannot be started: [Errno 2]" in output.text


def test_a_workspace_reached_by_a_link(agent, tmp_path):
    (tmp_path / "alias").symlink_to(agent.ws)
    agent.context._workspace = Workspace(tmp_path / "alias")
    agent.does("echo x > made")
    assert (agent.ws / "made").read_text() == "x\n"


def test_a_use_is_shown_as_a_rule_would_say_it(tool):
    assert tool.shown({"command": "npm test"}) == "Bash(npm test)"
    assert tool.shown({"command": 5}) == tool.shown({}) == "Bash()"
    assert (tool.name, tool.effects) == ("Bash", frozenset({Effect.EXECUTE}))
    assert tool.input_schema["required"] == ["command"]


def test_without_a_section_the_defaults_hold():
    (tool,) = shell.hocket_register_tools(PluginSettings(Path()))
    assert tool._settings == Shell()
    assert (Shell().sandbox, Shell().timeout_s, Shell().environment) == ("auto", 120.0, ())


@pytest.mark.parametrize("wrong", [{"sandbox": "no"}, {"timeout_s": 601}, {"sandbax": "off"}])
def test_a_wrong_section_is_refused(wrong):
    (model,) = shell.hocket_register_settings()
    assert model.model_config["title"] == "shell"
    with pytest.raises(ValidationError):
        model.model_validate(wrong)


def test_every_setting_is_documented():
    assert all(field.description for field in Shell.model_fields.values())


def test_without_a_rule_nothing_runs_outside_a_sandbox(bare):
    plain = ScriptedToolContext(bare.ws, grants=["Bash(touch granted)"])
    output = asyncio.run(bare.tool.run({"command": "touch made"}, plain))
    assert output.text == (
        "shell: not sandboxed: turned off by a setting. Without a sandbox only commands run that "
        "a person's rule names: Bash(touch made)"
    )
    asyncio.run(bare.tool.run({"command": "touch granted"}, plain))
    assert [one.name for one in bare.ws.iterdir()] == ["granted"]
