"""Rules with code that keeps, breaks and only seems to break them; themes of corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pydantic import JsonValue


class Rule(NamedTuple):
    """A rule, and three bodies of a function; the line that matters begins with `!`."""

    text: str
    kept: tuple[str, ...]
    broken: tuple[str, ...]
    excused: tuple[str, ...]


class Theme(NamedTuple):
    """What the corrections of a cluster are about."""

    rule: str
    scope: str
    before: str
    after: str
    comments: tuple[str, ...]
    words: tuple[str, ...]
    marks: tuple[str, ...]
    """What words about it hold: code before, code after, the rule."""


RULES = (
    Rule(
        "Never print in the code of the product; command line modules may.",
        ("!log.info(given)",),
        ("!print(given)",),
        ("# This step is a command of its own.", "!print(given)"),
    ),
    Rule(
        "Compare with None by `is`, unless a library overloads `==` for it.",
        ("!return given is None",),
        ("!return given == None",),
        ("column = table.column(given)", "!return column == None  # the query needs the operator"),
    ),
    Rule(
        "Never catch every exception, except where it is raised again.",
        ("try:", "    run(given)", "!except ValueError:", "    return None"),
        ("try:", "    run(given)", "!except Exception:", "    return None"),
        ("try:", "    run(given)", "!except Exception:", "    undo(given)", "    raise"),
    ),
    Rule(
        "Give every request a time limit; the session may set one for all.",
        ("!return fetch(given, timeout=10)",),
        ("!return fetch(given)",),
        ("session = limited_session(timeout=10)", "!return session.fetch(given)"),
    ),
    Rule(
        "Never put a value into the text of a query; a constant name of a table may be.",
        ('!return query("select * from t where id = ?", given)',),
        ('!return query(f"select * from t where id = {given}")',),
        ('!return query(f"select count(*) from {TABLE}")',),
    ),
    Rule(
        "Open files in a `with`, unless the caller closes them.",
        ("!with open(given) as file:", "    return file.read()"),
        ("!file = open(given)", "return file.read()"),
        ("# Whoever asks closes it: see the name.", "!return open(given)"),
    ),
    Rule(
        "Never use a list or dict as a default; a constant that nobody changes may be one.",
        ("!def inner(items=()):", "    return [*items, given]"),
        ("!def inner(items=[]):", "    items.append(given)", "    return items"),
        ("!def inner(items=EMPTY):", "    return [*items, given]"),
    ),
    Rule(
        "Name a number with a unit by its unit, as in `wait_s`; counts have none.",
        ("!wait_s = 5", "return pause(wait_s)"),
        ("!wait = 5", "return pause(wait)"),
        ("!tries = 5", "return repeat(given, tries)"),
    ),
    Rule(
        "Sort before you write a set; sets that hold one element need not be.",
        ("!return write(sorted(set(given)))",),
        ("!return write(list(set(given)))",),
        ("assert len(given) == 1", "!return write(list(set(given)))"),
    ),
    Rule(
        "Never compare secrets with `==`; digests of public files are no secrets.",
        ("!return same_digest(given, SECRET)",),
        ("!return given == SECRET",),
        ("!return digest_of(given) == PUBLISHED",),
    ),
    Rule(
        "Take the time from the clock that was passed in; benchmarks may read the machine's.",
        ("!return clock.now() - given",),
        ("!return time.time() - given",),
        ("# A benchmark: the machine's own time is the subject.", "!return time.time() - given"),
    ),
    Rule(
        "Never build a path from what a person sent, unless it was looked up in a list.",
        ("!return read(NAMES[given])",),
        ("!return read(ROOT + given)",),
        ("given = NAMES[given]", "!return read(ROOT + given)"),
    ),
)
_WORDS = ("orders", "users", "prices", "stock", "mail")
THEMES = (
    Theme(
        "Build paths with `/` of Path, never by joining texts.",
        "style",
        'place = root + "/WORD.txt"',
        'place = Path(root) / "WORD.txt"',
        ("Use Path here.", "Paths are no texts.", "This breaks with a slash at the end."),
        _WORDS,
        ('root + \\"/', "Path(root)", "never by joining texts"),
    ),
    Theme(
        "Give each error the name of the file it is about.",
        "errors",
        'raise ValueError("bad WORD")',
        'raise ValueError(f"{path}: bad WORD")',
        ("Which file?", "Nobody can find this one.", "Say where."),
        _WORDS,
        ('ValueError(\\"bad', "{path}: bad", "the name of the file"),
    ),
    Theme(
        "Let tests write under tmp_path only.",
        "tests",
        'out = open("/tmp/WORD")',
        'out = (tmp_path / "WORD").open()',
        ("Two runs collide.", "Not into /tmp, please.", "Leaves litter."),
        _WORDS,
        ("/tmp/", "tmp_path /", "under tmp_path only"),  # noqa: S108  text of a correction
    ),
    Theme(
        "Ask for many rows in one query, never row by row in a loop.",
        "speed",
        "for one in WORD: load_one(one)",
        "load_all(WORD)",
        ("One query will do.", "N + 1 again.", "Slow with many rows."),
        _WORDS,
        ("load_one(", "load_all(", "row by row in a loop"),
    ),
    Theme(
        "Name a duration by its unit.",
        "naming",
        "WORD_limit = 30",
        "WORD_limit_s = 30",
        ("Seconds?", "Thirty what?", "Put the unit into the name."),
        _WORDS,
        ("_limit = ", "_limit_s = ", "duration by its unit"),
    ),
    Theme(
        "Return early, never nest the whole body in an if.",
        "style",
        "if WORD: do_everything()",
        "if not WORD: return",
        ("Return early.", "Too deep.", "Turn the condition round."),
        _WORDS,
        ("do_everything()", ": return", "Return early, never"),
    ),
    Theme(
        "Write a comment above every function.",
        "documents",
        "def WORD_bare(x): pass",
        "# Gives it.  def WORD_told(x): pass",
        ("What does it do?", "Comment?", "Say what for."),
        _WORDS,
        ("_bare(", "_told(", "a comment above every"),
    ),
)
"""The last one is no cluster of the spec: a habit that may fade."""
LONERS: tuple[dict[str, JsonValue], ...] = tuple(
    {"author": author, "file": f"src/{place}.py", "comment": comment, "before": old, "after": new}
    for author, place, comment, old, new in (
        ("ada", "menu", "Spelling.", "recieve()", "receive()"),
        ("ben", "hash", "Wrong constant.", "PRIME = 31", "PRIME = 37"),
        ("cleo", "tax", "The rate changed.", "RATE = 0.19", "RATE = 0.2"),
        ("ada", "logo", "Too big.", "width = 900", "width = 300"),
        ("ben", "feed", "Upside down.", "rows.sort()", "rows.sort(reverse=True)"),
        ("cleo", "date", "Leap years.", "days = 365", "days = length_of(year)"),
        ("ada", "zip", "Not needed any more.", "import zlib", ""),
        ("ben", "form", "The label is wrong.", 'label = "Nmae"', 'label = "Name"'),
        ("cleo", "port", "It is taken.", "PORT = 8080", "PORT = 8090"),
        ("ada", "test", "Flaky.", "assert took < 1", ""),
    )
)
