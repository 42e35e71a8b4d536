"""The script API as stubs: the file in the package, the patterns, and three type checkers."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from hocket.api.patterns.context import CallCount
from hocket.scripts import prelude, requests, stubs

if TYPE_CHECKING:
    from pathlib import Path

    from hocket.api.patterns.context import Pattern, PatternContext


class Claim(BaseModel):
    text: str


class VerifyArguments(BaseModel):
    """`**call` of PATTERNS §1: options of `agent()` go to every inner call."""

    model_config = ConfigDict(extra="allow")

    claims: list[str | Claim]
    against: str = "Try to show that this is wrong."
    lead: int = 2
    ratio: float | None = None
    at_cap: Literal["unverified", "refuted"] = "unverified"
    judge: dict[str, JsonValue] | None = None
    phase: Literal["Verify"] = "Verify"


class RankArguments(BaseModel):
    items: list[dict[str, int]]
    by: str
    top: int | None = None
    draft: bool = False
    anything: JsonValue = None
    nothing: None = None
    level: Literal[1, 2] | None = 1
    mode: Literal["auto"] = "auto"
    deep: list[list[Claim]] = Field(default_factory=list)
    odd: Literal["a"] | float = 1.5


class OrderArguments(BaseModel):
    prompt: str
    find: str = "items"
    key: str


class EmptyArguments(BaseModel):
    pass


class Offered:
    """A pattern as far as the stubs look at it."""

    version = 1

    def __init__(self, name: str, arguments: type[BaseModel]) -> None:
        self.name = name
        self.arguments = arguments

    async def run(self, context: PatternContext, arguments: BaseModel) -> JsonValue:
        raise NotImplementedError

    def calls(self, arguments: BaseModel) -> CallCount:
        return CallCount(0, 0)


PATTERNS: list[Pattern] = [
    Offered("verify", VerifyArguments),
    Offered("rank", RankArguments),
    Offered("until_done", OrderArguments),
    Offered("idle", EmptyArguments),
]


def function(name: str) -> str:
    tree = ast.parse(stubs.render(PATTERNS))
    (found,) = (
        each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == name
    )
    return ast.unparse(found)


def test_the_file_in_the_package_is_what_is_rendered() -> None:
    assert stubs.STUB.read_text(encoding="utf-8") == stubs.render(())


def test_the_module_writes_the_file(tmp_path: Path) -> None:
    written = tmp_path / "script.pyi"
    subprocess.run([sys.executable, "-m", "hocket.scripts.stubs", str(written)], check=True)
    assert written.read_text(encoding="utf-8") == stubs.render(())


def test_the_stub_offers_what_the_host_offers() -> None:
    defined = {
        name
        for each in ast.parse(stubs.render(())).body
        for name in (
            [each.name]
            if isinstance(each, ast.FunctionDef)
            else [n.id for n in ast.walk(each) if isinstance(n, ast.Name)]
            if isinstance(each, ast.Assign)
            else [each.target.id]
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
            else []
        )
    }
    assert defined - {"RuntimeError"} == set(prelude.NAMES)


def test_the_options_are_those_the_host_takes() -> None:
    assert set(stubs.OPTIONS) == requests.OPTIONS


@pytest.mark.parametrize("name", ["agent", "attempt"])
def test_every_option_may_be_named_and_none(name: str) -> None:
    text = function(name)
    assert text.startswith(f"def {name}(prompt: str, *, label: str | None=None, ")
    assert all(f" {option}: " in text for option in stubs.OPTIONS)
    assert text.count(" | None=None") == len(stubs.OPTIONS)


def test_a_pattern_takes_its_arguments_by_position_until_the_first_optional_one() -> None:
    assert function("rank") == (
        "def rank(items: Sequence[Mapping[str, Any]], by: str, *, top: int | None=..., "
        "draft: bool=..., anything: Any=..., nothing: None=..., level: Literal[1, 2] | None=..., "
        "mode: Literal['auto']=..., deep: Sequence[Sequence[Mapping[str, Any]]]=..., "
        "odd: Literal['a'] | float=...) -> Coroutine[Any, Any, Any]:\n    ..."
    )
    assert function("until_done") == (
        "def until_done(prompt: str, *, find: str=..., key: str) "
        "-> Coroutine[Any, Any, Any]:\n    ..."
    )
    assert function("idle") == "def idle() -> Coroutine[Any, Any, Any]:\n    ..."


def test_a_pattern_that_takes_call_options_takes_exactly_those() -> None:
    text = function("verify")
    assert text.startswith(
        "def verify(claims: Sequence[str | Mapping[str, Any]], *, label: str | None=None, "
        "phase: Literal['Verify']=..., schema: Mapping[str, Any] | None=None, "
    )
    assert "ratio: float | None=..." in text
    assert "judge: Mapping[str, Any] | None=..." in text
    assert "**" not in text


def test_patterns_come_in_the_order_of_their_names() -> None:
    names = [
        each.name
        for each in ast.parse(stubs.render(PATTERNS)).body
        if isinstance(each, ast.FunctionDef)
    ]
    assert names[-4:] == ["idle", "rank", "until_done", "verify"]


GOOD = '''\
"""Doc."""
from hocket.script import AgentError, agent, args, attempt, budget, log, parallel, phase, pipeline

meta = {"name": "n"}


async def main():
    phase("Find")
    found = await agent("List", schema={"type": "object"}, tools=["Read"], timeout=3)
    results = await parallel([lambda f=f: agent(f) for f in found["files"]])
    more = await pipeline(args["x"], lambda path: agent(path), lambda found, path, i: agent("x"))
    record = await attempt("x", label="l", inputs=["a", {"path": "b"}])
    while budget.total and budget.spent() < budget.remaining():
        log(record["state"])
    try:
        await agent("x", isolation="worktree")
    except AgentError as error:
        log(str(error))
    return {"results": results, "more": more}
'''
BAD = {
    'await agent("x", shema=1)': "shema",
    "await agent()": "prompt",
    "await agent(3)": "int",
    "budget.total = 5": "total",
    'agent("x")["y"]': "Coroutine",
    'await agnt("x")': "agnt",
    'await parallel("abc")': "str",
    'await ask("q", options="abc")': "str",
}


def mypy(folder: Path, text: str) -> str:
    script = folder / "workflow.py"
    script.write_text(text, encoding="utf-8")
    arguments = ["--check-untyped-defs", "--no-incremental", "--config-file=", str(script)]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout


def test_mypy_accepts_a_script_and_finds_its_mistakes(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="install hocket[check]")
    assert "Success" in mypy(tmp_path, GOOD)
    body = "".join(f"    {line}\n" for line in BAD)
    names = "agent, ask, budget, parallel"
    report = mypy(tmp_path, f"from hocket.script import {names}\nasync def main():\n{body}")
    lines = [line for line in report.split("\n") if ": error: " in line]
    for number, (line, word) in enumerate(BAD.items(), 3):
        assert any(f":{number}: " in each and word in each for each in lines), line
