"""What agents could do here: tools, and the MCP servers that are configured."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hocket.api.tools import Conditional
from hocket.cli.doctor.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.launch.project import Project


def tools(project: Project) -> Iterator[Finding]:
    """Tell how many tools can work, which cannot, and which servers could be started."""
    offered = project.host.tools(project.plugin_settings)
    lacking = {
        name: why
        for name, tool in offered.items()
        if isinstance(tool, Conditional) and (why := tool.lacks()) is not None
    }
    able = [name for name in offered if name not in lacking]
    if able:
        yield Finding("tools", f"{len(able)}", "found", ", ".join(able))
    for name, why in lacking.items():
        yield Finding("tools", name, "missing", why)
    yield from _servers(project)


def _servers(project: Project) -> Iterator[Finding]:
    servers: object = getattr(project.loaded.sections.get("mcp"), "servers", None)
    for name in cast("dict[str, object]", servers) if isinstance(servers, dict) else ():
        yield Finding("mcp", name, "found", "configured; it is started when a call needs it")
