"""`hocket completion`: the script that teaches a shell hocket's commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from hocket.cli._group import COMPLETE_VARIABLE, root
from hocket.cli._output import emit, json_option, suggest, write

_HOME = {
    "bash": 'eval "$(hocket completion bash)" in ~/.bashrc',
    "zsh": 'eval "$(hocket completion zsh)" in ~/.zshrc',
    "fish": "hocket completion fish > ~/.config/fish/completions/hocket.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(tuple(_HOME)))
@json_option
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    It stays valid when commands are added: the shell asks hocket each time.
    """
    script = _script(shell)

    def human() -> None:
        write(script)
        suggest(f"To keep it: {_HOME[shell]}")

    emit("completion", {"shell": shell, "script": script}, human)


def _script(shell: str) -> str:
    kind = get_completion_class(shell)
    if kind is None:  # pragma: no cover  (click.Choice lets nothing else pass)
        raise click.UsageError(shell)
    completer = kind(root(), {}, "hocket", COMPLETE_VARIABLE)
    # Not .source(): for bash that starts a bash to look at its version.
    return completer.source_template % completer.source_vars()
