"""Scripts are parsed one at a time, so that threads cannot confuse the parser."""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor

import pytest

from hocket.scripts.parsing import parsed

DEEP = "x = " + "(" * 60 + "1" + ")" * 60 + "\n" + "y = [1, 2]\n" * 200


def test_many_threads_parse_what_one_does():
    wanted = ast.dump(parsed(DEEP))
    with ThreadPoolExecutor(8) as threads:
        assert {ast.dump(tree) for tree in threads.map(parsed, [DEEP] * 64)} == {wanted}


def test_what_cannot_be_parsed_is_a_syntax_error():
    with pytest.raises(SyntaxError):
        parsed("x = ")
