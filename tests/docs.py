"""Writes the tables of the documents from the code; `--check` compares and writes nothing.

A table stands between `<!-- NAME -->` and `<!-- /NAME -->`; NAME is hooks, settings or commands.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import json
import re
import sys
import textwrap
from pathlib import Path

import click
from pydantic_core import PydanticUndefined

from hocket.api import hookspecs
from hocket.cli._group import root
from hocket.config.settings import Settings
from hocket.host import PluginHost

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "core/README.md", "plugins/README.md")
WRITTEN = (*READMES, "core/SETTINGS.md")
"""What has tables of its own to keep true."""


def main():
    """Repair the documents, or with `--check` say which ones are not what the code says."""
    stale = [name for name in WRITTEN if (ROOT / name).exists() and is_stale(ROOT / name)]
    if "--check" in sys.argv:
        for name in stale:
            sys.stdout.write(f"{name}: a table is not what the code says: python tests/docs.py\n")
        return len(stale)
    for name in stale:
        path = ROOT / name
        path.write_text(filled(path.read_text("utf-8")), "utf-8")
        sys.stdout.write(f"{name}: written\n")
    return 0


def is_stale(path):
    text = path.read_text("utf-8")
    return filled(text) != text


def filled(text):
    """Put every table in its place; text without a mark stays as it is."""
    for name, rows in TABLES.items():
        pattern = re.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if pattern.search(text):
            table = "".join(f"| {' | '.join(row)} |\n" for row in rows())
            text = pattern.sub(lambda mark, table=table: mark[1] + table + mark[2], text)
    return text


def hooks():
    """Give each hook with its arguments and its sentence, in the order of the specification."""
    yield from (("hook", "what it does"), ("---", "---"))
    for name, hook in hook_functions():
        yield f"`{signature(name, hook)}`", inspect.getdoc(hook).replace("|", "\\|")


def hook_functions():
    """List the hooks of the contract."""
    return [(name, hook) for name, hook in vars(hookspecs).items() if name.startswith("hocket_")]


def signature(name, hook):
    """Write a hook as a plugin implements it."""
    return f"{name}({', '.join(inspect.signature(hook).parameters)})"


def settings():
    """Give hocket's settings, then each plugin's section."""
    yield from (("setting", "default", "what it means"), ("---", "---", "---"))
    models = {"": Settings, **PluginHost.load().settings_models()}
    for section, model in models.items():
        documents = field_docs(model)
        for key, field in model.model_fields.items():
            name = f"{section}.{key}" if section else key
            yield f"`{name}`", default(field), documents.get(key, "").replace("|", "\\|")


def field_docs(model):
    """Read the text under each field: what a person finds beside the setting."""
    described = {key: field.description for key, field in model.model_fields.items()}
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0].body
    for field, text in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            described[field.target.id] = inspect.cleandoc(text.value.value)
    return {key: text.replace("\n", " ") for key, text in described.items() if text}


def default(field):
    """Write a default as TOML would; what is worked out or is a table is told in its text."""
    if field.default_factory or hasattr(field.default, "model_dump"):
        return "see there"
    if field.default is None or field.default is PydanticUndefined:
        return "none"
    return f"`{json.dumps(field.default, default=str)}`"


def commands():
    """Give every command with its usage and the first sentence of its help."""
    yield from (("command", "what it does"), ("---", "---"))
    yield from walk(root(), click.Context(root(), info_name="hocket"))


def walk(group, context):
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from walk(command, inner)
        else:
            usage = " ".join((inner.command_path, *command.collect_usage_pieces(inner)))
            yield f"`{usage}`".replace("|", "\\|"), command.get_short_help_str(200)


TABLES = {"hooks": hooks, "settings": settings, "commands": commands}

if __name__ == "__main__":
    sys.exit(main())
