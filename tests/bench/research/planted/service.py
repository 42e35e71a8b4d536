"""A planted web service: endpoints with a check, without one, and some guarded elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planted.backend import draws_of
from planted.jury import USUAL, Errors, Jury

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.calls import Call
    from hocket.api.patterns.draws import Draws

DIMENSION = "authorisation"
PARTS = ("orders", "invoices", "refunds", "profiles", "reports", "exports", "coupons", "stores")
"""Names of the modules; the last is the one whose prefix the application guards."""
VERBS = ("show", "change", "cancel", "share", "archive")
STATES = ("guarded", "open", "helper", "prefix")
"""Guarded where it stands, not at all, by what it calls, by the application."""

APPLICATION = '''"""The application: routes of all modules, and what happens before each request."""

from framework import Application, refuse

from service import access, {modules}

GUARDED_PREFIXES = ("/stores/",)

application = Application(__name__)


@application.before_request
def guard(request):
    """Let nobody without a session into the guarded part."""
    if request.path.startswith(GUARDED_PREFIXES) and not access.session_of(request):
        refuse(401)


for module in ({modules}):
    application.register(module.routes)
'''
ACCESS = '''"""Who may do what."""

from framework import refuse

from service.storage import load


def session_of(request):
    """Give the session of a request, or None."""
    return request.cookies.get("session")


def signed_in(handler):
    """Refuse a handler to those without a session."""

    def guarded(request, number):
        if session_of(request) is None:
            refuse(401)
        return handler(request, number)

    return guarded


def owned(request, kind, number):
    """Load a record that belongs to who asks, or refuse."""
    record = load(kind, number)
    if record["owner"] != session_of(request):
        refuse(403)
    return record
'''
STORAGE = '''"""Records, as they were stored; whoever asks gets them."""

RECORDS = {}


def load(kind, number):
    """Give a record."""
    return RECORDS[kind, number]


def save(kind, number, record):
    """Keep a record."""
    RECORDS[kind, number] = record
'''
HEAD = '''"""Requests about {part}."""

from framework import Routes

from service.access import owned, signed_in
from service.storage import load, save

routes = Routes("/{part}")
'''
ROUTE = '''

@routes.{method}("/<int:number>/{verb}"){guard}
def {name}(request, number):
    """{title} one of the {part}."""
    record = {loading}
    {doing}
'''
DOING = {
    "show": "return record",
    "change": 'save("{part}", number, dict(record, **request.form))',
    "cancel": 'save("{part}", number, dict(record, state="cancelled"))',
    "share": 'return dict(record, link="/{part}/" + record["token"])',
    "archive": 'save("{part}", number, dict(record, archived=True))',
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint: where it is declared, where its code stands, and whether anything guards it."""

    file: str
    line: int
    """The line of its decorator."""
    name: str
    quote: str
    """The line of its function."""
    state: str

    @property
    def is_open(self) -> bool:
        """Whether nothing guards it."""
        return self.state == "open"


@dataclass(frozen=True)
class PlantedService:
    """A small service; the same seed gives the same files."""

    seed: int = 0
    unguarded: int = 10
    decoys: int = 8

    @cached_property
    def _written(self) -> tuple[dict[str, str], list[Endpoint]]:
        files = {
            "service/__init__.py": '"""A planted service."""\n',
            "service/access.py": ACCESS,
            "service/application.py": APPLICATION.format(modules=", ".join(PARTS)),
            "service/storage.py": STORAGE,
        }
        endpoints: list[Endpoint] = []
        for part in PARTS:
            path = f"service/{part}.py"
            files[path] = HEAD.format(part=part)
            for verb in VERBS:
                state = self._states[part, verb]
                line = files[path].count("\n") + 3
                files[path] += _route(part, verb, state)
                name, quote = f"{part}.{verb}", f"def {verb}_{part}(request, number):"
                endpoints.append(Endpoint(path, line, name, quote, state))
        return files, endpoints

    @cached_property
    def _states(self) -> Mapping[tuple[str, str], str]:
        """Draw which endpoints are open and which are decoys; a guarded prefix guards all of it."""
        draws = draws_of(self.seed, "service")
        *apart, last = PARTS
        places = draws.shuffled([(part, verb) for part in apart for verb in VERBS])
        behind = draws.shuffled([(last, verb) for verb in VERBS])[: self.decoys // 2]
        states = {**dict.fromkeys(places, "guarded"), **{(last, verb): "guarded" for verb in VERBS}}
        states |= dict.fromkeys(places[: self.unguarded], "open") | dict.fromkeys(behind, "prefix")
        helped = places[self.unguarded :][: self.decoys - len(behind)]
        return states | dict.fromkeys(helped, "helper")

    @property
    def files(self) -> dict[str, str]:
        """The files by their paths."""
        return self._written[0]

    @property
    def endpoints(self) -> list[Endpoint]:
        """All endpoints, in the order of the files."""
        return self._written[1]

    @property
    def truth(self) -> set[tuple[str, int]]:
        """File and line of every endpoint that nothing guards."""
        return {(one.file, one.line) for one in self.endpoints if one.is_open}

    def write(self, folder: Path) -> None:
        """Write the files."""
        for path, text in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="")

    def agents(self, errors: Errors = USUAL) -> dict[str, Callable[..., JsonValue]]:
        """Give agents who know the service and err on order."""
        auditors = Auditors(self, errors)
        jury = Jury(self.seed, errors, self._is_true)
        return {"list": auditors.list, "audit": auditors.audit, "vote": jury.vote}

    def at(self, file: JsonValue, line: JsonValue) -> Endpoint | None:
        """Find an endpoint by where it is declared."""
        return next((one for one in self.endpoints if (one.file, one.line) == (file, line)), None)

    def _is_true(self, claim: JsonValue) -> bool:
        return isinstance(claim, dict) and (claim["source"], claim["line"]) in self.truth


@dataclass(frozen=True, slots=True)
class Auditors:
    """Those who list endpoints, and those who look at one."""

    world: PlantedService
    errors: Errors

    def list(self, call: Call, draws: Draws) -> JsonValue:
        """List the endpoints of the files in the item; what is overlooked is in neither list."""
        item = call.options.item
        assert isinstance(item, dict)
        endpoints: list[JsonValue] = []
        without: list[JsonValue] = []
        for file in item["files"]:
            here = [one for one in self.world.endpoints if one.file == file["path"]]
            if not here and draws.unit() >= self.errors.overlook:
                without.append(file["n"])
            endpoints += [
                {"file": file["n"], "line": one.line, "name": one.name}
                for one in here
                if draws.unit() >= self.errors.overlook
            ]
        return {"endpoints": endpoints, "without": without}

    def audit(self, call: Call, draws: Draws) -> JsonValue:
        """Report a missing check, or an existing one as missing; the lazy read one line."""
        item = call.options.item
        assert isinstance(item, dict)
        here = [one for one in self.world.endpoints if one.file in item["files"]]
        if item["line"] is not None:
            here = [one for one in here if one.line == item["line"]]
        if "unread" not in item and draws.unit() < self.errors.lazy:
            last = len(self.world.files[item["files"][0]].splitlines())
            return {"issues": [], "clean": True, "unread": [{"file": 1, "first": 2, "last": last}]}
        judged = DIMENSION in item["dimensions"]
        issues = [
            self._issue(one, item["files"].index(one.file) + 1, draws)
            for one in here
            if judged and draws.unit() < self._rate(one)
        ]
        return {"issues": issues, "clean": not issues, "unread": []}

    def _rate(self, endpoint: Endpoint) -> float:
        return self.errors.recall if endpoint.is_open else self.errors.false_alarm

    def _issue(self, endpoint: Endpoint, number: int, draws: Draws) -> JsonValue:
        invented = draws.unit() < self.errors.invent
        return {
            "dimension": DIMENSION,
            "file": number,
            "line": endpoint.line,
            "quote": "def nowhere(request):" if invented else endpoint.quote,
            "claim": f"{endpoint.name} can be called by anybody: nothing checks who asks.",
            "severity": "high" if draws.unit() < 0.5 else "medium",
        }


def _route(part: str, verb: str, state: str) -> str:
    loading = (
        f'owned(request, "{part}", number)' if state == "helper" else f'load("{part}", number)'
    )
    return ROUTE.format(
        method="get" if verb == "show" else "post",
        verb=verb,
        guard="\n@signed_in" if state == "guarded" else "",
        name=f"{verb}_{part}",
        title=verb.capitalize(),
        part=part,
        loading=loading,
        doing=DOING[verb].format(part=part),
    )
