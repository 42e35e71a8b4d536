"""A shell asks hocket what can be typed next, and nothing heavy is loaded for it."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import sys
from pathlib import Path

import carried
import pytest
from receiving import write

from hocket.cli import main
from hocket.cli._completing import RUN_OPTIONS
from hocket.cli._group import COMMANDS
from hocket.cli.run import run


def complete(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str
) -> list[str]:
    """Ask as bash does after Tab at the end of the line."""
    words = line.split(" ")
    monkeypatch.setenv("_HOCKET_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    assert main([]) == 0
    return [answer.partition(",")[2] for answer in capsys.readouterr().out.splitlines() if answer]


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("hocket ", list(COMMANDS)),
        ("hocket ru", ["run", "runs"]),
        ("hocket --v", ["--version"]),
        ("hocket zzz", []),
        ("hocket zzz ", list(COMMANDS)),
        ("hocket plugins ", ["list", "new", "show"]),
        ("hocket doctor --", ["--require-model", "--probe", "--json", "--help"]),
        ("hocket completion ", ["bash", "zsh", "fish"]),
    ],
)
def test_tab_offers_what_can_come_next(
    line: str,
    answers: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    assert complete(monkeypatch, capsys, line) == answers


def test_a_shell_nobody_knows_gets_no_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("_HOCKET_COMPLETE", "csh_complete")
    assert main([]) == 1
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_hocket_again(shell: str, capsys: pytest.CaptureFixture[str]):
    assert main(["completion", shell]) == 0
    out, err = capsys.readouterr()
    assert f"_HOCKET_COMPLETE={shell}_complete" in out
    assert err == ""

    assert main(["completion", shell, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "schema": 1,
        "command": "completion",
        "shell": shell,
        "script": out.removesuffix("\n"),
    }


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["completion"], "Missing argument '{bash|zsh|fish}'. Choose from: bash, zsh, fish."),
        (["completion", "csh"], "'csh' is not one of 'bash', 'zsh', 'fish'."),
    ],
)
def test_only_shells_that_are_known(
    args: list[str], found: str, capsys: pytest.CaptureFixture[str]
):
    assert main(args) == 2
    assert found in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_a_real_bash_completes(tmp_path: Path):
    program = tmp_path / "hocket"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m hocket "$@"\n', "utf-8")
    program.chmod(0o755)
    script = f"""
        PATH="{tmp_path}:$PATH"
        eval "$(hocket completion bash)"
        COMP_WORDS=(hocket plugins s) COMP_CWORD=2
        $(complete -p hocket | sed 's/.*-F \\([^ ]*\\).*/\\1/') hocket
        echo "${{COMPREPLY[@]}}"
    """
    ended = subprocess.run(
        ["bash", "--norc", "-c", script],  # noqa: S607
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=20,
    )
    assert (ended.stdout, ended.stderr) == ("show\n", "")


@pytest.fixture
def saved(desk):
    """Give a project with commands of every form."""
    write(desk.project / ".hocket/workflows", "acme", "port", "sort")
    meta = (
        '"args": {"type": "object", "properties": {"mode": {"enum": ["quick", "full"]}, '
        '"loud": {"type": "boolean"}, "q": {"type": "string"}}}'
    )
    desk.save(name=".hocket/workflows/echo.py", meta=meta)
    desk.save(name=".hocket/workflows/$(evil).py")
    desk.save(name=".claude/workflows/echo.py")
    (desk.project / ".hocket/workflows/broken.py").write_text("this is no script")
    return desk


def offered(shell: str, words: list[str], monkeypatch, capsys) -> list[str]:
    """Ask as a shell does after Tab, with the words as it splits them."""
    monkeypatch.setenv("_HOCKET_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", ("\n" if shell == "bash" else " ").join(words))
    monkeypatch.setenv("COMP_CWORD", words[-1] if shell == "fish" else str(len(words) - 1))
    capsys.readouterr()
    assert main([]) == 0
    out = capsys.readouterr().out
    if shell == "zsh":
        return out.splitlines()[1::3]
    lines = (line.partition(",")[2].partition("\t")[0] for line in out.splitlines())
    return [line for line in lines if line]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("words", "answers"),
    [
        (["/"], ["/port", "/sort", "/broken", "/echo", *(f"/{name}" for name in carried.names())]),
        (["/ec"], ["/echo"]),
        (["run", "so"], ["sort"]),
        (["/echo", "--m"], ["--mode", "--model", "--max-agents"]),
        (["/echo", "--lo"], ["--loud"]),
        (["/echo", "--mode", "q"], ["quick"]),
        (["/echo", "--mode", ""], ["quick", "full"]),
        (["run", "echo", "--mode", "f"], ["full"]),
        (["/echo", "--q", "x"], []),
        (["/echo", "--", "--m"], []),
        (["/echo", "wo"], []),
        (["/broken", "--lo"], []),
        (["/nobody", "--m"], ["--model", "--max-agents"]),
        (["/echo", "--backend", "s"], []),
        (["run", "--bac"], ["--backend"]),
    ],
)
def test_slash_commands_are_offered(shell, words, answers, saved, monkeypatch, capsys):
    found = offered(shell, ["hocket", *words], monkeypatch, capsys)
    assert sorted(found) == sorted(answers)


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        (["/acme", ":"], ["port", "sort"]),
        (["/acme", ":", ""], ["port", "sort"]),
        (["/acme", ":", "p"], ["port"]),
        (["run", "acme", ":", "p"], ["port"]),
        (["/acme", ":", "port", "--yes", ""], []),
        (["/echo", "--mode", "=", "f"], ["full"]),
        (["/echo", "--mode", "="], ["quick", "full"]),
    ],
)
def test_what_bash_splits_is_joined_and_the_rest_is_offered(
    words, answers, saved, monkeypatch, capsys
):
    assert offered("bash", ["hocket", *words], monkeypatch, capsys) == answers


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_the_whole_word(shell, saved, monkeypatch, capsys):
    assert offered(shell, ["hocket", "/acme:p"], monkeypatch, capsys) == ["/acme:port"]


def test_the_cache_is_made_anew_when_something_changed(saved, monkeypatch, capsys):
    file = Path(os.environ["HOCKET_CACHE_HOME"]) / "commands.json"

    def now(*words):
        return offered("bash", ["hocket", *words], monkeypatch, capsys)

    assert now("/new") == []
    first = file.read_bytes()
    assert now("/new") == []
    assert file.read_bytes() == first
    saved.save(name=".hocket/workflows/newest.py")
    assert now("/new") == ["/newest"]
    manifest = saved.project / ".hocket/workflows/acme/bundle.toml"
    manifest.write_text(manifest.read_text().replace("commands.sort", "commands.newer"))
    assert now("/new") == ["/newer", "/newest"]
    (saved.project / ".claude/skills").mkdir()
    write(saved.project / ".claude/skills", "newborn")
    assert "/newborn" in now("/new")


@pytest.mark.parametrize("content", ["not JSON", "[]", '{"format": 9}', '{"format": 1}', "{}"])
def test_a_damaged_cache_is_no_cache(content, saved, monkeypatch, capsys):
    file = Path(os.environ["HOCKET_CACHE_HOME"]) / "commands.json"
    file.write_text(content)
    assert offered("bash", ["hocket", "/ec"], monkeypatch, capsys) == ["/echo"]
    assert json.loads(file.read_bytes())["format"] == 1


def test_a_cache_that_cannot_be_written_is_done_without(saved, monkeypatch, capsys):
    monkeypatch.setenv("HOCKET_CACHE_HOME", str(saved.project / "wf" / "deep"))
    (saved.project / "wf").write_text("a file")
    assert offered("bash", ["hocket", "/ec"], monkeypatch, capsys) == ["/echo"]


def test_words_that_no_shell_splits_are_left_to_click(saved, monkeypatch, capsys):
    assert offered("bash", ["hocket", "/echo", '"open'], monkeypatch, capsys) == []
    monkeypatch.setenv("COMP_CWORD", "many")
    assert main([]) != 0


def test_the_options_of_run_are_all_known():
    known = {name for one in run.params for name in (*one.opts, *one.secondary_opts)}
    assert set(RUN_OPTIONS) == {name for name in known if name.startswith("--")}


TELL = """
import sys
from hocket.cli import main
main([])
sys.stderr.write(" ".join(sys.modules))
"""


def test_a_tab_loads_no_library_and_the_first_one_no_plugin(saved):
    env = {
        **os.environ,
        "_HOCKET_COMPLETE": "bash_complete",
        "COMP_WORDS": "hocket /ec",
        "COMP_CWORD": "1",
    }
    # What every Python here loads, such as the one that measures the tests, is not hocket's doing.
    bare = "import sys; sys.stderr.write(' '.join(sys.modules))"
    plain = subprocess.run([sys.executable, "-c", bare], capture_output=True, text=True, check=True)
    loaded = []
    for _ in range(2):
        ended = subprocess.run(
            [sys.executable, "-c", TELL], env=env, capture_output=True, text=True, check=True
        )
        assert ended.stdout == "plain,/echo\n"
        loaded.append(set(ended.stderr.split()) - set(plain.stderr.split()))
    never = {"pydantic", "jsonschema", "rich", "pluggy", "asyncio", "yaml", "click"}
    # Reading what a script declares checks its schema: on the Tab after a change alone.
    assert not loaded[0] & (never - {"jsonschema"})
    assert not [one for one in loaded[0] if one.startswith(("hocket_plugins", "hocket.registry"))]
    assert not loaded[1] & {*never, "dataclasses", "inspect", "tomllib", "hocket.launch.commands"}


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("/ech\t", "/echo"),
        ("/acme:po\t", "/acme:port"),
        ("/acme:port --yes x\t", "/acme:port --yes x"),
        ("/echo --mode fu\t", "/echo --mode full"),
        ("/echo --mode=f\t", "/echo --mode=full"),
    ],
)
def test_a_person_presses_tab_in_a_real_bash(typed, line, saved, tmp_path):
    program = tmp_path / "bin" / "hocket"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\n[ -n "$_HOCKET_COMPLETE" ] || [ "$1" = completion ] || '
        '{ echo "typed<$*>"; exit; }\n'
        f'exec "{sys.executable}" -m hocket "$@"\n'
    )
    program.chmod(0o755)
    env = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PS1": "ready> "}
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        ["bash", "--norc", "--noprofile", "-i"],  # noqa: S607
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=env,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        os.write(ours, b'eval "$(hocket completion bash)"; echo be"gin"\n')
        until_drawn(ours, "begin")
        # The keys wait in the terminal until bash reads them: Tab by Tab, in order.
        os.write(ours, f"hocket {typed}\n".encode())
        assert until_drawn(ours, "typed<", ">\r\n").endswith(f"typed<{line}>\r\n")
    finally:
        os.close(ours)
        shell.kill()
        shell.wait()


def until_drawn(terminal, *texts):
    """Read what is drawn until these texts were on it, one after the other."""
    drawn, seen = "", 0
    for text in texts:
        while (at := drawn.find(text, seen)) < 0:
            assert select.select([terminal], [], [], 20)[0], drawn
            drawn += os.read(terminal, 4096).decode()
        seen = at + len(text)
    return drawn[:seen]
