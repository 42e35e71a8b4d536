"""What a script may import, and what to write instead of the rest (SCRIPT-API §5.3)."""

from __future__ import annotations

HOST = "hocket.script"

MODULES: dict[str, frozenset[str] | None] = {
    "__future__": frozenset({"annotations"}),
    "asyncio": frozenset({"gather"}),
    "base64": None,
    "bisect": None,
    "collections": frozenset({"Counter", "defaultdict", "deque", "namedtuple"}),
    "copy": None,
    "csv": None,
    "dataclasses": frozenset({"dataclass", "field"}),
    "datetime": frozenset({"date", "datetime", "timedelta"}),
    "decimal": None,
    "functools": frozenset({"cache", "partial", "reduce"}),
    "hashlib": None,
    "itertools": None,
    "json": None,
    "math": None,
    "re": None,
    "typing": frozenset(
        {"Annotated", "Any", "Callable", "Final", "Literal", "Optional", "TYPE_CHECKING", "Union"}
    ),
    "unicodedata": None,
}
"""Each module with the names it may be used for; None is all that the sandbox has of it."""

INSTEAD = {
    "abc": "write functions",
    "asyncio.": "use parallel, pipeline or asyncio.gather(*calls)",
    "collections.": "use a dict or a list",
    "collections.abc": "leave the annotation out, or write typing.Callable",
    "concurrent": "use parallel or pipeline",
    "contextlib": "use try and finally",
    "dataclasses.": "use dicts and functions",
    "datetime.": "use datetime, date and timedelta as values",
    "difflib": "ask an agent, or compare with ==",
    "enum": "use plain texts",
    "fractions": "use decimal or a pair of integers",
    "functools.": "use a key function, a closure or functools.cache",
    "heapq": "sort a list",
    "hocket": f"write from {HOST} import agent, … at module level",
    "logging": "use log()",
    "multiprocessing": "use parallel or pipeline",
    "operator": "use a lambda",
    "queue": "use parallel or pipeline",
    "random": "a script has no chance; put an index into the prompt for variety",
    "re.X": "write the pattern without spaces and comments",
    "re.VERBOSE": "write the pattern without spaces and comments",
    "re.subn": "use re.finditer and join",
    "secrets": "a script has no chance; put an index into the prompt for variety",
    "statistics": "write sum(xs) / len(xs), or sort and take the middle",
    "string": "write the characters out",
    "textwrap": "write the text without indentation",
    "threading": "use parallel or pipeline",
    "time": "a script has no clock; pass the time in through args",
    "typing.": "leave the annotation out",
    "uuid": "a script has no chance; number the items",
}
"""Hints by module, by `module.` for the rest of an allowed one, and by dotted name."""

WORLD = frozenset(
    {
        "aiohttp",
        "builtins",
        "ctypes",
        "glob",
        "http",
        "httpx",
        "importlib",
        "io",
        "os",
        "pathlib",
        "requests",
        "shutil",
        "signal",
        "socket",
        "ssl",
        "subprocess",
        "sys",
        "tempfile",
        "urllib",
    }
)
OUTSIDE = "a script has no files, environment or network; ask an agent"


def may_import(module: str, name: str | None = None) -> bool:
    """Whether a module, or a name from it, is on the list."""
    names = MODULES.get(module, frozenset())
    return module in MODULES and (name is None or names is None or name in names)


def instead(dotted: str) -> str:
    """Say what to write instead of a module or a name of one."""
    top = dotted.split(".", maxsplit=1)[0]
    if top in WORLD:
        return OUTSIDE
    around = f"{top}." if top in MODULES else top
    return INSTEAD.get(dotted) or INSTEAD.get(around) or everything()


def everything() -> str:
    """List what may be imported."""
    return f"a script is one file and may import {HOST}, {', '.join(sorted(MODULES))}"
