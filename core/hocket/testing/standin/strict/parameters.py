"""The parameters of a request: known, present, within the limits of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hocket.testing.standin import prefix
from hocket.testing.standin.forms import objects, table, text, whole
from hocket.testing.standin.models import EFFORTS
from hocket.testing.standin.refusals import Refusal, invalid
from hocket.testing.standin.strict import marks, messages, schema, tools

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.api.calls import JsonObject
    from hocket.testing.standin.models import Catalogue, Model
    from hocket.testing.standin.prefix import Part
    from hocket.testing.standin.signatures import Signer

KNOWN = frozenset(
    {"model", "messages", "max_tokens", "cache_control", "container", "diagnostics", "metadata"}
    | {"inference_geo", "output_config", "service_tier", "speed", "stop_sequences", "system"}
    | {"temperature", "thinking", "tool_choice", "tools", "top_k", "top_p", "stream"}
    | {"user_profile_id", "workspace_id"}
)
BETA = frozenset(
    {"betas", "billing_policy", "compaction", "context_management", "fallback_credit_token"}
    | {"fallbacks", "mcp_servers", "output_format", "thread"}
)
LEAST_BUDGET = 1_024


class Checked(NamedTuple):
    """A request that is taken: who answers it, and its parts, counted once."""

    model: Model
    parts: list[Part]


def check(body: JsonObject, catalogue: Catalogue, signer: Signer, *, beta: bool) -> Checked:
    """Take what the real server would take; raises Refusal."""
    model = known_model(body, catalogue)
    _check_names(body, beta=beta)
    _check_limits(body, model)
    _check_thinking(body, model)
    _check_output(body, model)
    return Checked(model, check_prompt(body, model, signer))


def check_prompt(body: JsonObject, model: Model, signer: Signer) -> list[Part]:
    """Give the parts of what `count_tokens` takes, too; raises Refusal."""
    tools.check(body)
    messages.check(body, model, signer)
    marks.check(body)
    parts = prefix.parts(body)
    size = sum(part.tokens for part in parts)
    if size > model.window:
        raise invalid(f"prompt is too long: {size} tokens > {model.window} maximum")
    return parts


def known_model(body: JsonObject, catalogue: Catalogue) -> Model:
    """Find the model; raises Refusal for none and for one that is gone."""
    name = text(body.get("model"))
    if not name:
        raise invalid("model: Field required")
    model = catalogue.find(name)
    if model is None or model.lifecycle == "retired":
        raise Refusal(404, "not_found_error", f"model: {name}")
    return model


def _check_names(body: JsonObject, *, beta: bool) -> None:
    unknown = body.keys() - KNOWN - (BETA if beta else frozenset())
    if unknown:
        raise invalid(f"{min(unknown)}: Extra inputs are not permitted")


def _check_limits(body: JsonObject, model: Model) -> None:
    limit = body.get("max_tokens")
    if limit is None:
        raise invalid("max_tokens: Field required")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise invalid("max_tokens: Input should be a valid integer, greater than or equal to 0")
    if limit > model.max_output:
        most = f"which is the maximum allowed number of output tokens for {model.name}"
        raise invalid(f"max_tokens: {limit} > {model.max_output}, {most}")
    if limit == 0 and (body.get("stream") or _thinks(body) or _format(body) is not None):
        raise invalid("max_tokens: 0 is not allowed with stream, thinking or an output format")
    _check_range(body, "temperature")
    _check_range(body, "top_p")


def _check_range(body: JsonObject, name: str) -> None:
    value = body.get(name, 1)
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise invalid(f"{name}: range: 0..1")


def _thinks(body: JsonObject) -> bool:
    return table(body.get("thinking")).get("type") in {"enabled", "adaptive"}


def _check_thinking(body: JsonObject, model: Model) -> None:
    """Thinking goes with no forced tool, and with no temperature of its own."""
    thinking = body.get("thinking")
    if thinking is None:
        return
    kind = table(thinking).get("type")
    if kind not in {"enabled", "adaptive", "disabled", "between_tools"}:
        raise invalid(f"thinking: Input tag {kind!r} found using 'type' does not match")
    if kind != "disabled" and model.plain:
        raise invalid(f"thinking: {model.name} does not support thinking")
    if kind == "enabled":
        _check_budget(table(thinking).get("budget_tokens"), whole(body.get("max_tokens")))
    if not _thinks(body):
        return
    if table(body.get("tool_choice")).get("type") in {"any", "tool"}:
        raise invalid("Thinking may not be enabled when tool_choice forces tool use.")
    if body.get("temperature", 1) != 1:
        raise invalid("`temperature` may only be set to 1 when thinking is enabled.")


def _check_budget(budget: JsonValue, limit: int) -> None:
    if whole(budget) < LEAST_BUDGET:
        least = f"Input should be greater than or equal to {LEAST_BUDGET}"
        raise invalid(f"thinking.enabled.budget_tokens: {least}")
    if whole(budget) >= limit:
        raise invalid("`max_tokens` must be greater than `thinking.budget_tokens`.")


def _format(body: JsonObject) -> JsonValue:
    return table(body.get("output_config")).get("format")


def _check_output(body: JsonObject, model: Model) -> None:
    effort = table(body.get("output_config")).get("effort")
    if effort is not None and (effort not in EFFORTS or model.plain):
        raise invalid(f"output_config.effort: Input should be one of {', '.join(EFFORTS)}")
    shape = _format(body)
    if shape is not None:
        if model.plain:
            raise invalid(f"output_config.format: {model.name} does not support output formats")
        if table(shape).get("type") != "json_schema":
            raise invalid("output_config.format.type: Input should be 'json_schema'")
        schema.check(table(shape).get("schema"), "output_config.format.schema")
    for place, tool in enumerate(objects(body.get("tools"))):
        if tool.get("strict") is True:
            schema.check(tool.get("input_schema"), f"tools.{place}.custom.input_schema")
