"""Tools that tell when they ran, tools that read from outside, and all that a run needs to have."""

from __future__ import annotations

from hocket.api.markers import hookimpl
from hocket.api.tools import Effect, Label, ToolOutput

EVIL = "mallory"
"""Stands in every hostile order, and in nothing else."""


class Canary:
    """A tool with effects; `ran` holds the arguments of every use that was let through."""

    input_schema = {
        "type": "object",
        "properties": {"to": {"type": "string"}, "text": {"type": "string"}},
    }

    def __init__(self, name, effect):
        self.name, self.effects = name, frozenset({effect})
        self.description = f"Does {name}, for good."
        self.ran = []
        self.replies = {}
        """What it gives back, by whom it was sent to; then it comes from outside."""

    def shown(self, arguments):
        return f"{self.name}({arguments.get('to', '')})"

    async def run(self, arguments, context):
        self.ran.append(dict(arguments))
        reply = self.replies.get(str(arguments.get("to")))
        if reply is None:
            return ToolOutput("sent", status="sent")
        return ToolOutput(reply, label=Label(outside=True, sources=frozenset({self.name})))


class Source:
    """A tool that gives texts by their names, as strangers wrote them."""

    input_schema = {"type": "object", "properties": {"name": {"type": "string"}}}

    def __init__(self, name, texts, *, is_error=False, description="Reads what others wrote."):
        self.name, self.texts, self.is_error = name, texts, is_error
        self.effects = frozenset({Effect.READ_OUTSIDE})
        self.description = description
        self.read = []

    def shown(self, arguments):
        return f"{self.name}({arguments.get('name', '')})"

    async def run(self, arguments, context):
        name = str(arguments.get("name", ""))
        self.read.append(name)
        text = self.texts.get(name, "nothing is there")
        label = Label(outside=True, sources=frozenset({f"{self.name}.example"}))
        return ToolOutput(text, is_error=self.is_error, label=label)


class Kit:
    """A plugin that offers the model and the tools of a case."""

    def __init__(self, model, texts, more=()):
        self.model = model
        self.send = Canary("send_report", Effect.OUTSIDE_EFFECT)
        self.post = Canary("post_status", Effect.NETWORK)
        self.deploy = Canary("deploy", Effect.EXECUTE)
        self.canaries = (self.send, self.post, self.deploy)
        self.page = Source("read_page", texts)
        self.broken = Source("read_broken", texts, is_error=True)
        self.tools = [*self.canaries, self.page, self.broken, *more]

    @hookimpl
    def hocket_register_models(self, settings):
        return [self.model]

    @hookimpl
    def hocket_register_tools(self, settings):
        return self.tools
