"""A folder of texts, and the backend asked about it role by role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from hocket.answers.submissions import Submissions
from hocket.api.calls import Call, Options, Outcome
from hocket.api.tools import Workspace
from hocket.testing import ScriptedContext, run
from hocket.testing.tools import ScriptedToolContext
from hocket_plugins.backends.offline.backend import OfflineBackend

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue


@dataclass
class Room:
    """A project with texts."""

    project: Path
    roots: tuple[Path, ...] = ()
    backend: OfflineBackend = field(default_factory=OfflineBackend)

    def write(self, name: str, content: str | bytes, *, date: str = "", kind: str = "") -> Path:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
            return path
        head = f"Date: {date}\nSource: s-1 {kind}\n\n" if date else ""
        path.write_text(head + content, "utf-8")
        return path

    def outcome(
        self, role: str | None, item: JsonValue = None, schema: JsonValue = None
    ) -> Outcome:
        """Ask one call; what the engine would refuse is refused."""
        workspace = Workspace(self.project, roots=self.roots)
        judge = Submissions(schema) if isinstance(schema, dict) else None
        self.context = ScriptedContext(tools=ScriptedToolContext(workspace), submissions=judge)
        options = Options(role=role, item=item, schema=schema, untrusted=True)
        call = Call(1, "key", 0, "The prompt is never read.", "label", options=options)
        return run(self.backend.run(call, self.context))

    def ask(self, role: str, item: JsonValue = None, schema: JsonValue = None) -> JsonValue:
        """Give the answer of a call that ends well."""
        outcome = self.outcome(role, item, schema)
        assert outcome.state == "ok", outcome.cause
        return outcome.value

    @property
    def files(self) -> list[JsonValue]:
        """List the files as an expansion of folders does."""
        found = sorted(path for path in self.project.rglob("*") if path.is_file())
        return [
            {"id": f"f{n}", "path": str(path.relative_to(self.project)), "name": path.name}
            for n, path in enumerate(found, 1)
        ]

    def found(self, question: str, most: int = 5) -> list[str]:
        """Give what answers a question, the best first."""
        angle = {"id": "a1", "question": question, "terms": []}
        item = {"question": question, "angle": angle, "files": self.files, "per_angle": most}
        return [claim["quote"] for claim in self.ask("search-read", item)["claims"]]

    def vote(self, text: str, **fields: JsonValue) -> dict[str, JsonValue]:
        """Vote on a claim."""
        return self.ask("vote", {"text": text, **fields})


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Give an empty one."""
    (tmp_path / "project").mkdir()
    return Room(tmp_path / "project")


@pytest.fixture
def bridge(room: Room) -> Room:
    """Give three files about two bridges; two agree, one does not."""
    room.write(
        "guide.md",
        "# A guide\n\nThe Velora bridge was opened in 1921. The Velora bridge is 340 metres long.\n"
        "Children play beside the Velora bridge after school.\n",
        date="2024-03-01",
        kind="primary",
    )
    room.write(
        "notes.txt",
        "It was in 1921 that the Velora bridge opened to the public. The weather was mild then.\n"
        "\nThe Torgast pier was opened in 1887 by a choir of the town.",
        date="2024-03-20",
        kind="secondary",
    )
    room.write(
        "letters.txt",
        "The length of the Velora bridge is 355 metres. Ada Holm designed the Torgast pier.",
        date="2024-04-02",
        kind="secondary",
    )
    return room
