"""S11, S13 to S16, S20: main, statements, classes, special names and built-ins."""

from __future__ import annotations

import sys

import pytest

from hocket.api.scripts import Finding, Manifest, Script
from hocket.scripts import manifest
from hocket.scripts.check import check
from hocket.scripts.check.dunders import DEFINED
from hocket.scripts.check.names import FORBIDDEN
from hocket.scripts.source import render

HEAD = 'import re, json\nmeta = {"name": "n", "description": "d"}\n'
MAIN = "async def main():\n    return 1\n"
WRITE_MAIN = "write async def main(): …; the host calls it"
CONCURRENT = "use parallel, pipeline or asyncio.gather(*calls)"


def found(body: str, tail: str = MAIN) -> list[str]:
    """Check a script; line 3 is the first of the body."""
    script = manifest.read(f"{HEAD}{body}\n{tail}", "wf.py")
    return [line.removeprefix("wf.py:") for line in render("wf.py", check(script, ()))]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("", ["1:1: S11 main() is missing"]),
        ("main = 5", ["1:1: S11 main() is missing"]),
        ("if True:\n    async def main():\n        pass", ["1:1: S11 main() is missing"]),
        ("def main():\n    pass", ["3:1: S11 main() is not async"]),
        ("class main:\n    pass", ["3:1: S11 main() is not async"]),
        (
            "async def main(x):\n    pass",
            ["3:1: S11 main() has parameters; it is called without"],
        ),
        (
            "async def main(*, x=1):\n    pass",
            ["3:1: S11 main() has parameters; it is called without"],
        ),
        (
            "async def main(*a):\n    pass",
            ["3:1: S11 main() has parameters; it is called without"],
        ),
        (
            "async def main():\n    pass\nasync def main():\n    pass",
            ["5:1: S11 main() is defined twice"],
        ),
        (
            "async def main():\n    pass\ndef main(x):\n    pass",
            ["5:1: S11 main() is defined twice", "5:1: S11 main() is not async"],
        ),
    ],
)
def test_there_is_one_async_main_without_parameters(body: str, lines: list[str]) -> None:
    assert found(body, tail="") == [f"{line}; {WRITE_MAIN}" for line in lines]


@pytest.mark.parametrize(
    ("body", "place", "what", "hint"),
    [
        ("def f():\n    yield 1", "4:5", "yield", "build a list and return it"),
        ("def f():\n    x = yield", "4:9", "yield", "build a list and return it"),
        ("def f():\n    yield from []", "4:5", "yield from", "build a list and return it"),
        ("f = lambda: (yield)", "3:14", "yield", "build a list and return it"),
        ("async def f():\n    async for x in y: pass", "4:5", "async for", CONCURRENT),
        ("async def f():\n    return [x async for x in y]", "4:25", "async for", CONCURRENT),
        ("async def f():\n    async with y: pass", "4:5", "async with", CONCURRENT),
        ("x = {}\ndel x['a']", "4:1", "del", "use d.pop(key, None), or let the name be"),
        ("x = 1\ndel x", "4:1", "del", "use d.pop(key, None), or let the name be"),
        ("try: pass\nexcept* ValueError: pass", "3:1", "except*", "use except"),
        pytest.param(
            "type X = int",
            "3:1",
            "type X = …",
            "leave it out",
            marks=pytest.mark.skipif(sys.version_info < (3, 12), reason="not Python before 3.12"),
        ),
    ],
)
def test_statements_the_sandbox_does_not_know(body: str, place: str, what: str, hint: str) -> None:
    assert found(body) == [f"{place}: S13 {what} is not available; {hint}"]


@pytest.mark.parametrize(
    ("head", "name", "column"),
    [
        ("class Broken(Exception):", "Broken", 14),
        ("class A(object):", "A", 9),
        ("class A(B, C):", "A", 9),
        ("class A(metaclass=B):", "A", 9),
        ("class A(x.B):", "A", 9),
    ],
)
def test_nothing_inherits(head: str, name: str, column: int) -> None:
    assert found(f"{head}\n    pass") == [
        (
            f"3:{column}: S13 class {name} inherits; write a plain class; "
            'raise RuntimeError("kind: text") for an error of your own'
        )
    ]


@pytest.mark.parametrize(
    ("decorator", "column"),
    [("property", 6), ("staticmethod", 6), ("classmethod", 6), ("f", 6), ("x.setter", 6)],
)
def test_methods_have_no_decorators(decorator: str, column: int) -> None:
    body = f"class A:\n    @{decorator}\n    def area(self):\n        return 1"
    assert found(body)[0] == (
        f"4:{column}: S13 the decorator of method area() is not available; "
        "write a plain method, or a function outside the class"
    )


@pytest.mark.parametrize(
    "name", ["__bool__", "__len__", "__ne__", "__iadd__", "__getattr__", "__del__", "__format__"]
)
def test_special_methods_nobody_calls(name: str) -> None:
    assert found(f"class A:\n    def {name}(self): return 1") == [
        f"4:5: S16 the sandbox never calls {name}; give it a plain name"
    ]


@pytest.mark.parametrize("name", ["__lt__", "__le__", "__gt__", "__ge__"])
def test_order_is_a_key_function(name: str) -> None:
    assert found(f"class A:\n    async def {name}(self, o): return 1") == [
        f"4:5: S16 the sandbox never calls {name}; sort with a key function"
    ]


@pytest.mark.parametrize("name", sorted(DEFINED))
def test_special_methods_that_are_called_pass(name: str) -> None:
    assert found(f"class A:\n    def {name}(self, *a): return 1\nx = A().{name}") == []


@pytest.mark.parametrize(
    ("expression", "column", "name", "hint"),
    [
        ("a.__class__", 5, "__class__", "use isinstance(x, (A, B))"),
        ("a.b.__class__.__mro__", 5, "__mro__", "use the plain operator or function"),
        ("f().__dict__", 5, "__dict__", "use a dict"),
        ("f.__doc__", 5, "__doc__", "write the text into a constant"),
        ("'x'.__len__()", 5, "__len__", "use the plain operator or function"),
        ("type(e).__name__", 5, "__name__",
         "use isinstance(x, (A, B)), or write the name as text"),
        ("f'{a.__globals__}'", None, "__globals__", "use the plain operator or function"),
        ("getattr(a, '__class__')", 16, "__class__", "use isinstance(x, (A, B))"),
        ("hasattr(a, '__dict__')", 16, "__dict__", "use a dict"),
        ("setattr(a, '__class__', 1)", 16, "__class__", "use isinstance(x, (A, B))"),
        ("getattr(a, '__class__', None)", 16, "__class__", "use isinstance(x, (A, B))"),
        ("'{0.__class__}'.format(a)", 5, "__class__", "use isinstance(x, (A, B))"),
        ("'{a[__dict__]}'.format_map(a)", 5, "__dict__", "use a dict"),
        ("str.format('{0.__class__}', a)", 16, "__class__", "use isinstance(x, (A, B))"),
        ("__builtins__", 5, "__builtins__", "use the plain operator or function"),
        ("__file__", 5, "__file__", "use the plain operator or function"),
    ],
)  # fmt: skip
def test_special_names(expression: str, column: int | None, name: str, hint: str) -> None:
    lines = [line for line in found(f"x = {expression}") if f" {name} " in line]
    assert [line.partition(": ")[2] for line in lines] == [f"S14 {name} is not for scripts; {hint}"]
    assert column is None or lines[0].startswith(f"3:{column}:")


@pytest.mark.parametrize(
    "body",
    [
        "x = 'a.__class__ and {__dict__}'  # __class__",
        "x = '{a.__class__}'",
        "x = f'{1} __class__'",
        "x = '{0} {1.name} {b[c]}'.format(1, 2)",
        "x = '{__class'.format(1)",
        "x = a.format('{0.__class__}')",
        "x = a.format()",
        "x = str.format(y)",
        "x = a.__private + a.____",
        "x = getattr(a, 'name')",
        "x = getattr(a, name)",
        "x = f(a, '__class__')",
        "__version__ = '1'",
        "__author__ = 'x'\ny = __author__",
    ],
)
def test_mentions_and_ordinary_names_pass(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(
    ("body", "column"),
    [
        ('if __name__ == "__main__":\n    pass', 4),
        ('if "__main__" == __name__:\n    pass', 18),
        ("x = __name__", 5),
    ],
)
def test_nothing_is_started_by_hand(body: str, column: int) -> None:
    assert found(body) == [
        f"3:{column}: S20 __name__ has no meaning in a script; leave it out: the host calls main()"
    ]


@pytest.mark.parametrize("name", sorted(FORBIDDEN))
def test_builtins_that_scripts_do_not_have(name: str) -> None:
    expected = f"S15 {name} is not available; {FORBIDDEN[name]}"
    assert found(f"x = {name}('1')") == [f"3:5: {expected}"]
    assert found(f"def f():\n    return 1\n    y = {name}") == [f"5:9: {expected}"]


@pytest.mark.parametrize("name", sorted(FORBIDDEN.keys() - {"__import__"}))
def test_the_scripts_own_names_may_be_the_same(name: str) -> None:
    assert found(f"def f({name}):\n    return {name}") == []
    assert found(f"{name} = 1\nx = {name}") == []
    assert found(f"x = [{name} for {name} in []]") == []
    assert found(f"x = y.{name}(1)\nz = f({name}=3)") == []


def test_a_builtin_is_found_outside_the_function_that_hides_it() -> None:
    assert found("def f(open):\n    return open\nx = open('a')")[0].startswith("5:5: S15 open")


@pytest.mark.parametrize(
    ("head", "expression", "message"),
    [
        ("", "json.dumps(1, default=str)",
         "S05 json.dumps(default=) is not available; make it plain data first"),
        ("", "re.sub('a', lambda m: 'b', 'c')",
         "S05 re.sub() with a function is not available; use re.finditer and join"),
        ("", "object()", "S15 object() is not available; use a text or None as the mark"),
        ("from dataclasses import dataclass\n", "dataclass(order=True)",
         "S05 dataclass(order=) is not available; leave it out"),
        ("import dataclasses as d\n", "d.dataclass(frozen=True, slots=True)",
         "S05 dataclass(slots=) is not available; leave it out"),
    ],
)  # fmt: skip
def test_uses_that_only_fail_at_run_time(head: str, expression: str, message: str) -> None:
    (line,) = found(f"{head}x = {expression}")
    assert line.partition(": ")[2] == message


@pytest.mark.parametrize(
    "body",
    [
        "x = json.dumps(1, indent=2, sort_keys=True, separators=(',', ':'), ensure_ascii=False)",
        "x = re.sub('a', 'b', 'c')\ny = re.sub('a')",
        "def f(x: object):\n    return isinstance(x, object)",
        (
            "from dataclasses import dataclass, field\n@dataclass(frozen=True, eq=True)\nclass A:\n"
            "    a: int = 1\n    b: list = field(default_factory=list)"
        ),
    ],
)
def test_the_same_functions_used_otherwise_pass(body: str) -> None:
    assert found(body) == []


def script(source: str) -> Script:
    return Script("wf.py", source, "sha256:0", "python", Manifest(name="n", description="d"))


def test_what_reading_refuses_checking_refuses_too() -> None:
    assert check(script("x = = 1"), ()) == [Finding(1, 5, "S01", "invalid syntax")]
    codes = [each.code for each in check(script("x = '\u202e'\nreturn x\n"), ())]
    assert codes == ["S03", "S11", "S02", "S01"]


@pytest.mark.parametrize("text", ["a = '\0'", "a = '\ud800'"])
def test_characters_that_break_the_parser_are_findings_too(text: str) -> None:
    assert sorted(each.code for each in check(script(text), ())) == ["S01", "S02"]


def test_all_findings_come_at_once_sorted_by_place() -> None:
    body = "import os\nclass A(B):\n    def __len__(self): return eval('1')\ndel A\n"
    assert [line.split(" ")[:2] for line in found(body, tail="")] == [
        ["1:1:", "S11"],
        ["3:8:", "S05"],
        ["4:9:", "S13"],
        ["5:5:", "S16"],
        ["5:31:", "S15"],
        ["6:1:", "S13"],
    ]


def test_deep_but_readable_code_is_checked() -> None:
    deep = "x = " + "+".join(["1"] * 400) + "\ny = " + "a" + ".b" * 400 + "\nz = eval\n"
    assert [line.split(" ")[1] for line in found(deep)] == ["S15"]
