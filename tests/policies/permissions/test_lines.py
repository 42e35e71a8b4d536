"""Shell lines against rules: nothing is allowed that a rule does not name, whatever the form."""

from __future__ import annotations

import os
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocket.api.shell.tokens import Unclear
from hocket_plugins.policies.permissions import commands

ALLOW = (
    *("npm test:*", "git status", "git log:*", "ls:*", "echo:*", "bash build.sh:*", "find:*"),
    *("make check && make docs", "rm -r build *", "cat:*", "grep 'a b':*", "ls *.py", "cd:*"),
)
YES = [
    "npm test",
    "npm test -- --watch=false",
    "  npm   test\t--silent ",
    "'npm' \"test\"",
    r"np\m test",
    "n''pm te\"\"st",
    "git status",
    "git log --oneline -5 | cat",
    "npm test && git status || echo failed; ls",
    "npm test\ngit status\n",
    "npm test &&\n  git status",
    "npm test |\n cat",
    "echo 'a; rm -rf ~'",
    'echo "a && b" | cat -n',
    "echo '$(rm x)' '`rm`' '>' \\$HOME",
    'echo "\\$HOME \\`rm\\` \\" \\\\"',
    "echo a#b 'a # b'",
    "npm test > out/log.txt 2>&1",
    "npm test >> log; cat < log",
    "npm test 2>/dev/null >&2",
    "bash build.sh -c release",
    "find . -name '*.py'",
    "ls *.py src/**",
    "make check && make docs",
    "rm -r build old",
    "grep 'a b' file",
    "grep a\\ b file",
    "cd sub && npm test",
    "echo {a,b} ~ x=1",
    "echo \uff52\uff4d\uff1b\uff52\uff4d \uff06\uff06 rm",
    "git status;",
]
NO = [
    "",
    "\n",
    "npm",
    "npm testx",
    "npm tests",
    "npm run test",
    "git status -s",
    "/usr/bin/npm test",
    "./npm test",
    "NPM test",
    "n\u0440m test",  # a Cyrillic letter
    "npm\u00a0test",
    "\u00a0npm test",
    "npm test\r",
    "npm te\u200bst",
    "npm test \u202e tset",
    "npm test; rm -rf ~",
    "npm test && rm x",
    "rm x || npm test",
    "npm test | sh",
    "npm test\nrm x",
    "npm test & rm x",
    "npm test &",
    "npm test |& cat",
    "npm test $(rm x)",
    "npm test `rm x`",
    'npm test "$(rm x)"',
    'npm test "`rm x`"',
    "npm test $HOME",
    "npm test ${x:-y}",
    "npm test $'\\n'rm",
    "npm $IFS test",
    "npm test <(rm x)",
    "npm test >(rm x)",
    "npm test <<EOF\n$(rm x)\nEOF",
    "npm test <<< x",
    "npm test # it's\nrm x # '",
    "npm test \\\n; rm x",
    "npm test 'not closed",
    'npm test "not closed',
    "npm test \\",
    "X=1 npm test",
    "PATH=. npm test",
    "x[0]+=1 npm test",
    "(npm test)",
    "{ npm test; }",
    "! npm test",
    "if npm test; then npm test; fi",
    "for x in 1; do npm test; done",
    "npm test() { rm x; }; npm test",
    "time npm test",
    "eval npm test",
    "exec npm test",
    "env npm test",
    "/usr/bin/env npm test",
    "sudo npm test",
    "'su'do npm test",
    "echo x | xargs npm test",
    "sh -c 'npm test'",
    "bash -c 'rm x'",
    "bash -lc 'rm x'",
    "cat x | bash",
    "bash build.sh; bash -s",
    "find . -exec rm {} +",
    "find . -delete",
    "find . '-exec' rm x",
    "npm test > /etc/passwd",
    "npm test > ../out",
    "npm test > ~/.bashrc",
    "npm test >'/tmp/x'",
    "npm test > .git/hooks/pre-commit",
    "npm test > AGENTS.md",
    "cat < .env",
    "npm test &> out",
    "npm test >& out",
    "npm test <> out",
    "npm test > o*",
    "npm test >",
    "> out",
    "npm test && ",
    "&& npm test",
    "npm test ;; npm test",
    "; npm test",
    "np[m] test",
    "n?m test",
    "{npm,rm} test",
    "~/npm test",
    "npm {test,x}",
    "make check && make docs; rm x",
    "make docs",
    "rm -r buil* old",
    "ls; alias ls=rm",
    "export PATH=.; ls",
    "timeout 5 npm test",
    "command npm test",
    ". ./x",
    "cd .git && echo x > hooks/pre-commit",
    "cd ..; echo x > out",
    "cd sub | cat > x",
    "echo <<-EOF\nx\nEOF",
    "echo <<'EOF'\n$(rm x)\nEOF",
    "npm test\x0b; rm x",
    "npm test\u2028rm x",
    "npm test\u2029rm x",
    "npm test \x85rm x",
    "\ufeffnpm test",
    "npm\u2003test",
    "npm test \x00rm",
    "npm test \x1b]0;x\x07",
    "npm test $((1))",
    "npm test $[1]",
    'npm test $"x"',
    "npm test \\\\\n rm x",
    "npm test '\n' ; rm x",
    "npm \\test;rm x",
    "n=1; npm test",
    "npm test ||rm",
    "npm test;;rm",
    "npm test 1>&2 2>/etc/x",
    "exec 3<>/dev/tcp/x/1",
    "npm test < /dev/tcp/x/1",
    "coproc npm test",
    "select x in a; do npm test; done",
    "case x in x) npm test;; esac",
    "[[ x ]] && npm test",
    "((1)) && npm test",
    "function npm { rm x; }; npm test",
    "npm test 'a\nb' \n rm x",
]
"""More than the 60 lines of case A15: wrappers, quoting, newlines, here-documents, odd signs."""

PLAIN = {
    "npm test && rm x",
    "make check && make docs; rm x",
    "npm test \\\\\n rm x",
    "npm test '\n' ; rm x",
    "npm \\test;rm x",
    "npm test 'a\nb' \n rm x",
}
"""Of those, what every rule could read, and none of these names."""


def allowed(line, rules=ALLOW):
    try:
        return commands.allows(list(rules), line)
    except Unclear:
        return False


@pytest.mark.parametrize("line", YES)
def test_lines_that_rules_name(line):
    assert allowed(line)


@pytest.mark.parametrize("line", NO)
def test_lines_that_rules_do_not_name(line):
    assert not allowed(line)


@pytest.mark.parametrize("line", [line for line in NO if any(s in line for s in "$`&<>(#\\'")])
def test_a_rule_for_all_of_bash_does_not_name_what_nobody_can_read(line):
    assert allowed(line, [None]) == (line in PLAIN)


def test_a_rule_for_all_of_bash_names_any_plain_command():
    assert allowed("rm -rf x && curl -s example.org | wc", [None])
    assert not allowed("ls", [])


@pytest.mark.parametrize(
    "line",
    [
        *("X=1 npm test", "PATH=. npm test", "x[0]+=1 npm test", "{ npm test; }", "! npm test"),
        *("if npm test; then npm test; fi", "~/npm test", "np[m] test", "{npm,rm} test"),
        *("export PATH=.; ls", "ls; alias ls=rm", "eval npm test", "sudo ls", "npm te\u200bst"),
        *("sh -c ls", "cat x | bash", "find . -delete", "", "; ls", "ls ;; ls", "'' x"),
    ],
)
def test_a_rule_for_all_of_bash_does_not_name_what_means_something_else(line):
    assert not allowed(line, [None])


STUBS = ("npm", "rm", "git", "ls", "cat", "curl", "test", "x")
PIECES = st.sampled_from(
    [
        *("npm test", "npm test", "npm test", "npm", "test", "rm", "rm x", "git", "ls"),
        *(" ", " ", " ", "\t", "\n", ";", "&&", "||", "|", "&", "|&", ";;", "!", "{", "}"),
        *("(", ")", "$(", "${", "$", "`", "'", '"', "\\", "\\\n", "#", "=", "x=1", "*", "?"),
        *("<", ">", ">>", "<<", "<<<", ">&", "&>", ">|", "<>", "2>&1", "1", "-", "out", "~"),
        *("[", "]", "[[", "if", "then", "fi", "do", "done", "for", "in", "time", "eval", "exec"),
        *("env", "command", "sh", "bash", "-c", "'rm'", '"rm"', "$'rm'", "\r", "\u00a0", "EOF"),
        *("-exec", "alias", "xargs", "builtin", ".", "source", ",", "^", "%", "coproc", "()"),
    ]
)


ENDS = st.sampled_from([" npm test", "npm test x", ";npm test", "&&npm test", "|npm test", "", ""])
LINES = st.builds(
    "npm test{}{}{}".format, st.lists(PIECES, max_size=5).map("".join), ENDS, ENDS
) | st.lists(PIECES, min_size=1, max_size=9).map("".join)


@pytest.fixture(scope="module")
def bash(tmp_path_factory):
    """Give a bash whose every program only says how it was called."""
    stubs = tmp_path_factory.mktemp("stubs")
    log = stubs.parent / "log"
    for name in STUBS:
        path = stubs / name
        path.write_text(f'#!/bin/sh\nprintf "%s\\0" "{name} $*" >> {log}\n')
        path.chmod(0o755)

    def run(line):
        work = tmp_path_factory.mktemp("work")
        log.write_text("")
        command = ["/bin/bash", "--noprofile", "--norc", "-c", line]
        environment = {"PATH": str(stubs), "HOME": str(work), "LC_ALL": "C.UTF-8"}
        subprocess.run(
            command, cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            check=False, timeout=20,
        )  # fmt: skip
        return log.read_text().split("\0")[:-1]

    return run


RAN = []


@settings(
    max_examples=1_500,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(line=LINES)
def test_what_is_allowed_runs_nothing_else_in_a_real_bash(bash, line):
    """Bash itself is the judge: of an allowed line every program that ran was named."""
    if allowed(line, ["npm test:*"]):
        RAN.append(line)
        assert all(f"{said} ".startswith("npm test ") for said in bash(line)), line


def test_the_judge_had_something_to_judge():
    assert len(set(RAN)) > 20


SEPARATORS = ["\n", ";", "&&", "||", "|"]
OPERATORS = [*SEPARATORS, "&", "|&", "$(rm)", "`rm`", "<(rm)", "<<E\nE\n", "<<<x", ">/x", "(rm)"]


@given(
    before=st.sampled_from(["npm test", "npm test -- a", "'npm' test", ""]),
    operator=st.sampled_from(OPERATORS),
    after=st.sampled_from(["rm x", "rm", "X=1 npm test", "npm tes", "/npm test"]),
    blank=st.sampled_from(["", " ", "\t"]),
)
def test_no_rule_matches_an_operator_with_something_it_does_not_name(
    before, operator, after, blank
):
    assert not allowed(f"{before}{blank}{operator}{blank}{after}", ["npm test:*"])


SPOILERS = st.sampled_from(
    [
        *("$(x)", "`x`", "${x}", "$x", "$((1))", "<(x)", ">(x)", "$'x'", '"$(x)"', '"`x`"'),
        *("<<E\nx\nE", "<<-E\nx\nE", "<<'E'\nx\nE", "<<<x", "&", "& ", "&\n"),
    ]
)
RULES = st.sampled_from(["npm test:*", "npm:*", "npm test", "echo:*", "ls *", "make a && make b"])
WORDS = st.sampled_from(["npm", "test", "echo", "ls", "'a b'", '"c"', "-x", "*.py", "a=b"])


@given(
    rules=st.lists(RULES, max_size=4) | st.just([None]),
    before=st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
    spoiler=SPOILERS,
    after=st.lists(WORDS, max_size=3).map(" ".join),
)
def test_a15_no_rule_names_a_line_with_a_substitution_a_here_document_or_an_ampersand(
    rules, before, spoiler, after
):
    assert not allowed(f"{before} {spoiler} {after}", rules)


@given(
    rules=st.lists(RULES, max_size=4) | st.just([None]),
    name=st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}(\[[0-9a-z]\])?\+?", fullmatch=True),
    value=st.sampled_from(["", "x", "'x'", '"a b"', "."]),
    line=st.sampled_from(["npm test", "echo x", "ls a", "make a && make b"]),
    front=st.sampled_from(["", "npm test; ", "npm test && ", "echo x |", "ls a\n"]),
)
def test_a15_no_rule_names_a_line_with_an_assignment_in_front(rules, name, value, line, front):
    assert not allowed(f"{front}{name}={value} {line}", rules)


@given(line=st.text(max_size=40))
def test_any_text_is_judged(line):
    allowed(line)
    commands.denies("rm:*", line)
    commands.suggested(line)


DENIED = [
    ("rm:*", "rm -rf /"),
    ("rm:*", "ls && rm x"),
    ("rm:*", "/bin/rm x"),
    ("rm:*", "sh -c 'rm x'"),
    ("rm:*", 'echo "$(rm x)"'),
    ("rm:*", "r'm' x"),
    ("rm:*", r"r\m x"),
    ("rm:*", "RM x"),
    ("rm:*", "find . -exec rm {} +"),
    ("rm:*", "x=1 rm x"),
    ("rm:*", "ls|rm"),
    ("rm:*", "{rm,x}"),
    ("rm:*", "\uff52\uff4d x"),
    ("rm:*", "rm${IFS}x"),
    ("git push:*", "git push --force"),
    ("git push:*", "cd x; git\tpush"),
    ("git push *", "xargs git push"),
    ("rm -rf /", "sudo rm -rf / --no-preserve-root"),
    ("/bin/rm", "/bin/rm x"),
]


@pytest.mark.parametrize(("rule", "line"), DENIED)
def test_denied_is_what_holds_the_words_anywhere(rule, line):
    assert commands.denies(rule, line)


@pytest.mark.parametrize(
    ("rule", "line"),
    [("rm:*", "npm rmx"), ("git push", "git log push"), ("rm -r", "rm"), ("a", "")],
)
def test_other_words_are_not_denied(rule, line):
    assert not commands.denies(rule, line)


def test_what_would_allow_a_line_does():
    for line in [line for line in YES if not allowed(line, [])]:
        assert allowed(line, commands.suggested(line)), line


def test_a_line_that_nothing_can_allow_has_no_suggestion():
    assert commands.suggested("echo $(rm)") == []
    assert commands.why_never("echo $(rm):*") == "it has a substitution"
    assert commands.why_never("npm test:*") is None


def test_the_environment_of_the_tests_has_a_bash():
    assert os.access("/bin/bash", os.X_OK)
