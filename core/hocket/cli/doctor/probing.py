"""One real turn of the chosen model, of at most 50 tokens: a key that is set may still be wrong."""

from __future__ import annotations

import asyncio
import os
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

from hocket.cli._text import duration, money
from hocket.cli.doctor.finding import Finding
from hocket.cli.doctor.pricing import model_of, priced
from hocket.engine.clock import MachineClock
from hocket.journal.redact import Redactor
from hocket.launch.binding import prices

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

    from hocket.api.messages import ProviderFailure, Turn, TurnRequest
    from hocket.api.protocols import ModelProvider
    from hocket.launch.choosing import Choice
    from hocket.launch.project import Project

    Pieces = Callable[[TurnRequest], AsyncGenerator[object]]

QUESTION = "Say: ok"
MOST_OUTPUT = 16
PATIENCE_S = 30.0
_LONGEST = 300


def probed(project: Project, choice: Choice) -> Iterator[Finding]:
    """Ask the model; whatever comes of it is a line."""
    name = model_of(project, choice) or ""
    if choice.provider is None:
        yield Finding("probe", choice.backend.name, "missing", "only model providers can be tried")
        return
    provider = choice.providers[choice.provider]
    yield from asyncio.run(_asked(project, provider, name.removeprefix(f"{provider.name}/")))


async def _asked(project: Project, provider: ModelProvider, name: str) -> list[Finding]:
    from hocket.api.messages import ProviderFailure

    clock, model = MachineClock(), name
    began = clock.monotonic()
    try:
        async with asyncio.timeout(PATIENCE_S):
            model = await _resolved(provider, name)
            turn, notes = await _turn(provider, model)
    except ProviderFailure as failure:
        return [Finding("probe", model, "broken", _why(failure))]
    except TimeoutError:
        return [Finding("probe", model, "broken", f"no answer within {PATIENCE_S:g} s")]
    finally:
        await provider.aclose()
    answered = _answered(project, provider.name, model, turn)
    took = duration(clock.monotonic() - began)
    line = Finding("probe", model, "found", f"it answered in {took}: {answered}")
    return [
        line,
        *(Finding("probe", model, "found", note) for note in notes),
        _price(project, provider, model),
    ]


async def _resolved(provider: ModelProvider, name: str) -> str:
    from hocket.api.providers import Resolving

    return await provider.resolve(name) if isinstance(provider, Resolving) else name


async def _turn(provider: ModelProvider, model: str) -> tuple[Turn, tuple[str, ...]]:
    from hocket.api.messages import Closed, Message, ProviderFailure, Text, TurnRequest

    able = await provider.capabilities(model)
    request = TurnRequest(
        model=model,
        messages=(Message(role="user", blocks=(Text(text=QUESTION),)),),
        max_tokens=MOST_OUTPUT,
        thinking=False,
        cache=None,
    )
    pieces = cast("Pieces", provider.turn)
    async with aclosing(pieces(request)) as reply:
        async for piece in reply:
            if isinstance(piece, Closed):
                return piece.turn, able.notes
    raise ProviderFailure("cut", code="no end of the reply")


def _answered(project: Project, provider: str, model: str, turn: Turn) -> str:
    used = turn.usage
    taken = used.input + used.cache_read + used.cache_write + used.cache_write_1h
    cost = money(prices(project.loaded.settings).cost(provider, model, used))
    return f"{taken} tokens in, {used.output} out, {cost}"


def _price(project: Project, provider: ModelProvider, model: str) -> Finding:
    return priced(project, provider.name, model)


def _why(failure: ProviderFailure) -> str:
    """Say what went wrong in the service's words, without a key it may have repeated."""
    said = f"{failure.kind}: {failure.code}" if failure.code else failure.kind
    words = " ".join(failure.raw.split())[:_LONGEST]
    whole = f"{said}: {words}" if words else said
    return Redactor.from_environment(os.environ).text(whole)
