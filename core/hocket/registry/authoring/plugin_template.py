"""A plugin package to begin with: one pattern, its test, and what installs it."""

from __future__ import annotations

from keyword import iskeyword

from hocket.registry.forms.names import Unfit, quoted

_PROJECT = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "hocket-@NAME@"
version = "0.1.0"
description = "A pattern for hocket: several agents answer, and the commonest answer wins."
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["hocket"]

[project.optional-dependencies]
test = ["hocket[test]"]

# hocket imports the module that stands here, by this name: hocket plugins show @WORD@
[project.entry-points.hocket]
@WORD@ = "hocket_@WORD@"

[tool.hatch.build.targets.wheel]
only-include = ["hocket_@WORD@.py"]
"""

_MODULE = '''\
"""Asks several agents the same, and keeps what most of them say."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.patterns.arguments import PatternArguments
from hocket.api.patterns.context import Ask, CallCount, Spares
from hocket.api.patterns.waves import Waves

if TYPE_CHECKING:
    from hocket.api.patterns.context import Pattern, PatternContext
    from pydantic import JsonValue


class Question(PatternArguments):
    """What a script passes: @WORD@("…", voters=5)."""

    question: str
    voters: int = 5


class Poll:
    """Ask several agents the same question; the commonest answer wins."""

    name, version, arguments = "@WORD@", 1, Question

    async def run(self, context: PatternContext, given: Question) -> dict[str, JsonValue]:
        """Ask all at once; a call that failed is no vote."""
        waves = Waves(context)
        asks = [
            Ask(
                prompt=f"{given.question}\\n\\nVoter {n}.",
                options=given.options("vote"),
                spares=Spares(1),
            )
            for n in range(given.voters)
        ]
        said = Counter(str(reply.value) for reply in await waves.ask(asks) if reply.ok)
        return waves.envelope(
            {"answer": max(said, key=lambda one: said[one], default=None), "votes": dict(said)}
        )

    def calls(self, given: Question) -> CallCount:
        """Forecast the calls: at worst each is asked once more."""
        return CallCount(expected=given.voters, worst=2 * given.voters)


@hookimpl
def hocket_register_patterns() -> list[Pattern]:
    """Hand the pattern over."""
    return [Poll()]
'''

_TEST = '''\
"""The commonest answer wins, and who does not answer does not vote."""

from __future__ import annotations

from hocket.testing import run_pattern
from hocket.testing.patterns import fails
from hocket_@WORD@ import Poll


def test_the_commonest_answer_wins():
    said = iter(["yes", "no", "yes"])
    played = run_pattern(Poll(), {"question": "Is it?", "voters": 3}, lambda _ask: next(said))
    assert played.result["answer"] == "yes"
    assert played.result["votes"] == {"yes": 2, "no": 1}


def test_who_does_not_answer_does_not_vote():
    played = run_pattern(Poll(), {"question": "Is it?", "voters": 2}, lambda _ask: fails())
    assert played.result["answer"] is None
'''

_README = """\
# hocket-@NAME@

A pattern for [hocket](https://pypi.org/project/hocket/): several agents answer the same question,
and the commonest answer wins.

```python
from hocket.script import @WORD@

async def main():
    return await @WORD@("Is the parser safe?", voters=5)
```

This is Python code that runs with all your rights. Try it, then look at what hocket sees:

```bash
pip install -e '.[test]'
pytest
hocket plugins show @WORD@
hocket pattern @WORD@ "Is the parser safe?" --set voters=3 --backend simulate
```
"""

_NAME, _WORD = "@NAME@", "@WORD@"


def plugin_files(name: str) -> dict[str, bytes]:
    """Write every file of a plugin package with this name, by path; raises Unfit."""
    word = name.replace("-", "_")
    if not word.isidentifier() or iskeyword(word):
        raise Unfit(f"{quoted(name)} cannot be the name of a function in a script")
    made = {
        "pyproject.toml": _PROJECT,
        f"hocket_{word}.py": _MODULE,
        f"tests/test_{word}.py": _TEST,
        "README.md": _README,
    }
    return {
        path: text.replace(_NAME, name).replace(_WORD, word).encode() for path, text in made.items()
    }
