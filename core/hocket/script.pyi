# Written by `python -m hocket.scripts.stubs`.
# mypy: allow-any-explicit
# ruff: noqa: ANN401
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, Literal

AgentError = RuntimeError
args: Any

class _Dollars:
    @property
    def total(self) -> float | None: ...
    def spent(self) -> float: ...
    def remaining(self) -> float: ...

class _Budget:
    @property
    def total(self) -> int | None: ...
    def spent(self) -> int: ...
    def remaining(self) -> float: ...
    @property
    def usd(self) -> _Dollars: ...

budget: _Budget

def parallel(
    calls: Iterable[Callable[..., Any] | Awaitable[Any]],
) -> Coroutine[Any, Any, list[Any]]: ...
def pipeline(
    items: Iterable[Any], *stages: Callable[..., Any]
) -> Coroutine[Any, Any, list[Any]]: ...
def workflow(ref: str | Mapping[str, str], args: Any = None) -> Coroutine[Any, Any, Any]: ...
def ask(
    question: str,
    options: list[str] | tuple[str, ...] | None = None,
    default: str | None = None,
) -> Coroutine[Any, Any, str]: ...
def reveal(handle: str) -> Coroutine[Any, Any, str]: ...
def phase(title: object) -> None: ...
def log(message: object) -> None: ...
def agent(
    prompt: str,
    *,
    label: str | None = None,
    phase: str | None = None,
    schema: Mapping[str, Any] | None = None,
    model: str | None = None,
    effort: str | None = None,
    agent_type: str | None = None,
    tools: list[str] | tuple[str, ...] | None = None,
    disallowed_tools: list[str] | tuple[str, ...] | None = None,
    isolation: Literal["worktree"] | None = None,
    inputs: Sequence[str | Mapping[str, Any]] | None = None,
    untrusted: bool | None = None,
    check: str | None = None,
    max_tokens: int | None = None,
    timeout: float | None = None,
    stall_ms: float | None = None,
) -> Coroutine[Any, Any, Any]: ...
def attempt(
    prompt: str,
    *,
    label: str | None = None,
    phase: str | None = None,
    schema: Mapping[str, Any] | None = None,
    model: str | None = None,
    effort: str | None = None,
    agent_type: str | None = None,
    tools: list[str] | tuple[str, ...] | None = None,
    disallowed_tools: list[str] | tuple[str, ...] | None = None,
    isolation: Literal["worktree"] | None = None,
    inputs: Sequence[str | Mapping[str, Any]] | None = None,
    untrusted: bool | None = None,
    check: str | None = None,
    max_tokens: int | None = None,
    timeout: float | None = None,
    stall_ms: float | None = None,
) -> Coroutine[Any, Any, dict[str, Any]]: ...
