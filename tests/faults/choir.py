"""Many agents with the same prefix, whose cost is known: 27 of them, and 463 uses of a tool.

Of the stand-in's tokens a request has 12 k of prefix, 1 k of task, and for each turn before it 190
of output and 500 of what a tool gave.
"""

from __future__ import annotations

from office import Permissive

from hocket.api.markers import hookimpl
from hocket.api.tools import AgentType, ToolOutput
from hocket.testing.standin import Reply, Said, Used

TASK, RESULT, OUTPUT = 1_000, 500, 190
FRAME = 143
"""What the frame and the tool add to the prefix."""
DOLLARS = {"input": 3.0, "output": 15.0, "read": 0.30, "written": 3.75}
FIELDS = {
    "input": "input_tokens",
    "output": "output_tokens",
    "read": "cache_read_input_tokens",
    "written": "cache_creation_input_tokens",
}
CHOIR = """
    async def one(n):
        name = ("0000" + str(n))[-4:]
        return await attempt("#" + name + args["task"], agent_type=args["types"][n])
    fan = [lambda n=n: one(n) for n in range(len(args["types"]))]
    return [record["state"] for record in await parallel(fan)]
    """


def words(tokens):
    """Give a text of so many tokens of the stand-in."""
    return ("word" * tokens)[: 4 * tokens]


class Sized:
    """A plugin with agent types and a tool of known sizes."""

    name = "Look"
    description = "Looks."
    input_schema = {"type": "object", "properties": {"x": {"type": "integer"}}}
    effects = frozenset()

    def __init__(self, prefix, kinds):
        self.prefix, self.kinds = prefix, kinds

    @hookimpl
    def hocket_register_agent_types(self, settings):
        text = words(self.prefix - FRAME)
        return [AgentType(name, "", name + text, ("Look",)) for name in self.kinds]

    @hookimpl
    def hocket_register_tools(self, settings):
        return [self]

    def shown(self, arguments):
        return "Look()"

    async def run(self, arguments, context):
        return ToolOutput(words(RESULT))


class Choir:
    """Agents that look so many times before they answer, all with the same sizes."""

    def __init__(self, office, prefix=12_000, *, agents=27, requests=490, own=False):
        self.office, self.prefix = office, prefix
        self.turns = [requests // agents + (n < requests % agents) for n in range(agents)]
        self.types = [f"kind{n if own else 0}" for n in range(agents)]

    def sing(self, *, first_ms=2_000, cached=True):
        """Run them; gives what it cost, and how often the prefix was written."""
        more = "" if cached else "prefix_cache = false"
        self.office.settle(model="anthropic/claude-sonnet-4-6", anthropic=more, max_turns=60)

        def speak(asked):
            said = Said(words(OUTPUT - 10))
            last = asked.turns + 1 == self.turns[int(asked.text.partition("#")[2][:4])]
            use = () if last else (Used.with_input("Look", x=asked.turns),)
            return Reply(blocks=(said, *use), first_ms=first_ms, lat_ms=45_000)

        plugin = Sized(self.prefix, dict.fromkeys(self.types))
        args = {"task": words(TASK - 60), "types": self.types}
        self.done = self.office.play(
            CHOIR, args, rules=speak, plugins={"sized": plugin, "policy": Permissive()}
        )
        assert self.done.status == "completed", self.done.report
        assert set(self.done.result) == {"ok"}, self.done.report
        usages = [entry.usage for entry in self.office.server.log]
        assert len(usages) == sum(self.turns)
        cost = sum(
            usage[FIELDS[kind]] * dollars / 1e6
            for usage in usages
            for kind, dollars in DOLLARS.items()
        )
        return cost, sum(usage[FIELDS["written"]] > self.prefix * 0.9 for usage in usages)
