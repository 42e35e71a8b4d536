"""Change every call site by one recipe: in worktrees, tested, reviewed, and put on one branch."""

from hocket.script import args, fan_out, integrate, log, parallel, phase

meta = {
    "name": "migrate",
    "description": "Change every call site by one recipe: in worktrees, tested, on one branch",
    "phases": ["Recipe", "Discover", "Change", "Review", "Integrate"],
    "checks": {"test": "project:test"},
    "args": {
        "type": "object",
        "properties": {
            "what": {"type": "string", "description": "From what to what, in a sentence"},
            "find": {
                "type": "array",
                "items": {"type": "string"},
                "x-expand": "glob",
                "default": ["."],
                "description": "Files, folders or globs that may be changed",
            },
            "batch": {"type": "integer", "minimum": 1, "default": 1, "description": "Files a call"},
            "rubrics": {
                "type": "string",
                "x-expand": "texts",
                "default": "bundle:rubrics",
                "description": "A folder with your own prompts",
            },
        },
        "required": ["what"],
    },
}

MOST_SITES = 10  # of one file for one agent; a file with more is split
MOST_PATCHES = 10  # for one reviewer
MOST_FILES = 400  # for one agent that searches
SEARCH = ["Read", "Grep", "Glob"]
PATCHES = ["Bash(git diff:*)", "Bash(git grep:*)"]
DONE = ("applied", "rerun")


def record(role, optional=(), **fields):
    """Give the schema of an object with these fields; the role is for the answer of a call."""
    required = [name for name in fields if name not in optional]
    return {"type": "object", "properties": fields, "required": required, "x-role": role}


def rows(of, **limits):
    return {"type": "array", "items": of, **limits}


TEXT = {"type": "string"}
LINE = {"type": "integer", "minimum": 1}
UNIT = {"type": "string", "pattern": "^u[0-9]{1,4}$"}
TEXTS = rows(TEXT)
WORKED = rows(record("site", file=TEXT, line=LINE, before=TEXT, after=TEXT), maxItems=3)
RECIPE = record("recipe", steps=TEXTS, search=TEXTS, worked=WORKED, must_not=TEXTS)
KIND = {"type": "string", "enum": ["call", "alias", "text", "generated", "other"]}
CHANGE = {"type": "boolean"}
SITE = record("site", ("why",), file=TEXT, line=LINE, kind=KIND, change=CHANGE, why=TEXT)
CHANGED = record("change", ("why",), not_done=TEXTS, why=TEXT)
VERDICT = {"type": "string", "enum": ["fits", "wrong", "cannot_tell"]}
REVIEWED = record(
    "review", reviews=rows(record("verdict", ("why",), unit=UNIT, verdict=VERDICT, why=TEXT))
)


def listing(role):
    """Give the schema of an agent that lists sites."""
    return record(role, sites=rows(SITE, **{"x-expect": len(args["find"])}))


def prompt(rubric, recipe):
    """Put the recipe behind a rubric; its braces are no places for data."""
    lines = [args["rubrics"][rubric], f"The migration: {args['what']}"]
    for title, name in (("Steps", "steps"), ("Search for", "search"), ("Never", "must_not")):
        lines.append(f"{title}:\n" + "\n".join(f"- {text}" for text in recipe[name]))
    for site in recipe["worked"]:
        place = f"{site['file']}:{site['line']}"
        lines.append(f"Worked site {place}\nbefore:\n{site['before']}\nafter:\n{site['after']}")
    return "\n\n".join(lines).replace("{", "{{").replace("}", "}}")


async def write_recipe():
    """Ask for the recipe; None if nobody wrote one."""
    files = args["find"]
    item = {"what": args["what"], "files": files[:MOST_FILES], "of": len(files)}
    ask = args["rubrics"]["recipe"]
    told = await fan_out([item], ask, schema=RECIPE, tools=SEARCH, label="recipe")
    return told["results"][0]


async def discover(recipe):
    """List sites twice: by search, and by thinking of what a search does not find."""
    files, step = args["find"], MOST_FILES
    parts = [{"files": files[at : at + step]} for at in range(0, len(files), step)]
    call = {"tools": SEARCH, "phase": "Discover"}
    told = await parallel(
        [
            fan_out(parts, prompt(role, recipe), schema=listing(role), label=role, **call)
            for role in ("sites", "indirect")
        ]
    )
    found = [answer for one in told for answer in one["results"] if answer is not None]
    failed = sum(len(one["failed"]) for one in told)
    return once([site for answer in found for site in answer["sites"]]), failed


def once(sites):
    """Keep one of the sites at a place; what must stay goes before what is to be changed."""
    found = {}
    for site in sorted(sites, key=lambda site: site["change"]):
        found.setdefault((site["file"], site["line"]), site)
    return [found[place] for place in sorted(found)]


def split(sites):
    """Part what is to be changed from what stays, and say why it does."""
    todo, left = [], []
    for site in sites:
        if site["change"] and site["file"] in args["find"]:
            todo.append(site)
        else:
            why = "not in --find" if site["change"] else site.get("why", site["kind"])
            left.append(change(where(site), "left", why, [site["file"]]))
    return todo, left


def where(site):
    return f"{site['file']}:{site['line']}"


def change(unit, state, why, files):
    return {"unit": unit, "state": state, "why": why, "files": files}


def units_of(sites):
    """Make the work of one agent each: the sites of a file, at most ten, or of a few files."""
    by_file = {}
    for site in sites:
        by_file.setdefault(site["file"], []).append(site["line"])
    pieces = [
        {"file": file, "lines": lines[at : at + MOST_SITES]}
        for file, lines in by_file.items()
        for at in range(0, len(lines), MOST_SITES)
    ]
    size = args["batch"]
    groups = [pieces[at : at + size] for at in range(0, len(pieces), size)]
    return [{"id": f"u{number}", "parts": group} for number, group in enumerate(groups, 1)]


async def review(recipe, units, records):
    """Let fresh agents judge patches by the recipe alone; gives verdicts by unit."""
    patches = [
        {"unit": unit["id"], "branch": one["changes"]["branch"], "base": one["changes"]["base"]}
        for unit, one in zip(units, records, strict=True)
        if one.get("changes")
    ]
    parts = [patches[at : at + MOST_PATCHES] for at in range(0, len(patches), MOST_PATCHES)]
    ask = prompt("review", recipe)
    told = await fan_out(parts, ask, schema=REVIEWED, tools=PATCHES, label="review")
    reviews = [one for answer in told["results"] if answer for one in answer["reviews"]]
    verdicts = {one["unit"]: one for one in reviews}
    return verdicts, [one["unit"] for one in patches if one["unit"] not in verdicts]


async def put_together(units, worked, verdicts):
    """Integrate what no reviewer found wrong; gives the branch, and how each unit ended."""
    wrong = {unit: one for unit, one in verdicts.items() if one["verdict"] == "wrong"}
    pairs = [*zip(units, worked["records"], strict=True)]
    patches = [None if unit["id"] in wrong else record for unit, record in pairs]
    told = await integrate(patches, order="smallest", check="test", invariants=["test"])
    why = {one["index"]: one["cause"] for one in told["rejected"]}
    ends = []
    for index, (unit, record) in enumerate(pairs):
        if unit["id"] in wrong:
            ends.append(("rejected", "review: " + wrong[unit["id"]].get("why", "wrong")))
        elif index in why:
            ends.append(("rejected", record["cause"] or why[index]))
        elif index in told["rerun"]:
            ends.append(("rerun", ""))
        elif record.get("changes"):
            ends.append(("applied", ""))
        else:
            ends.append(("left", "its agent changed nothing"))
    return told, ends


async def sweep(recipe, branch, known):
    """Search the branch for sites that nobody listed; None if nobody could look."""
    item = {"branch": branch, "known": sorted(known)}
    schema, rubric = listing("sweep"), prompt("sweep", recipe)
    told = await fan_out([item], rubric, schema=schema, tools=PATCHES, label="sweep")
    answer = told["results"][0]
    return answer and [site for site in answer["sites"] if where(site) not in known]


def places(unit):
    return [f"{part['file']}:{line}" for part in unit["parts"] for line in part["lines"]]


def told_of(units, answers, ends):
    """Tell what became of each unit and, one by one, of sites that its agent left."""
    changes = []
    for unit, answer, (state, why) in zip(units, answers, ends, strict=True):
        kept = answer["not_done"] if answer and state != "rejected" else []
        sites = [place for place in places(unit) if place not in kept]
        files = [part["file"] for part in unit["parts"]]
        if sites:
            changes.append({**change(", ".join(sites), state, why, files), "sites": sites})
        for place in [one for one in places(unit) if one in kept]:
            reason = answer.get("why", "its agent left it")
            changes.append({**change(place, "left", reason, files), "sites": [place]})
    return changes


def coverage(changes, missed):
    """Count the sites that were to be changed and are; each other has its cause."""
    sites = [(place, one) for one in changes for place in one["sites"]]
    lost = [(place, one["why"]) for place, one in sites if one["state"] not in DONE]
    lost += [(where(site), "found on the branch at the end") for site in missed]
    missing = [{"unit": place, "cause": why} for place, why in lost]
    total = len(sites) + len(missed)
    return {"unit": "call sites", "done": total - len(missing), "total": total, "missing": missing}


def doubts(failed, unread, missed, patterns):
    """Say which looks did not happen, and what the patterns said."""
    found = [note for told in patterns for note in told["notes"]]
    if failed:
        found.append(f"{failed} searches failed: there may be sites that nobody listed")
    if unread:
        found.append(f"no reviewer answered for {', '.join(unread)}; their tests passed")
    return found if missed is not None else [*found, "nobody searched the branch at the end"]


def ended(report, *, complete=False, **data):
    """Give the result: the report in words, and what its lists are made of."""
    data = {"title": f"Migration: {args['what']}", **data}
    return {"report": report, "data": data, "complete": complete}


def summary(covered, merged, changes):
    """Say in words how far it came."""
    states = [one["state"] for one in changes]
    tests = {"pass": "pass", "fail": "fail"}.get(merged["invariants"].get("test"), "did not run")
    return (
        f"{covered['done']} of {covered['total']} call sites are changed, on the branch"
        f" `{merged['branch']}`; nothing was merged. {states.count('applied')} patches went in as"
        f" they were, {states.count('rerun')} were made anew because they did not fit the others,"
        f" and {states.count('rejected')} were rejected. The tests of the whole branch {tests}."
    )


async def main():
    phase("Recipe")
    recipe = await write_recipe()
    if recipe is None:
        return ended("No recipe was written, so nothing was changed.")

    phase("Discover")
    sites, failed = await discover(recipe)
    todo, left = split(sites)
    units = units_of(todo)
    log(f"{len(todo)} call sites in {len({site['file'] for site in todo})} files")
    if not units:
        told = {"changes": left, "notes": doubts(failed, [], [], [])}
        return ended("No call site is to be changed.", complete=not failed, **told)

    phase("Change")
    worked = await fan_out(
        units,
        prompt("change", recipe),
        schema=CHANGED,
        tools=[*SEARCH, "Edit", "Bash"],
        isolation="worktree",
        check="test",
        label="change",
    )

    phase("Review")
    verdicts, unread = await review(recipe, units, worked["records"])

    phase("Integrate")
    merged, ends = await put_together(units, worked, verdicts)
    changes = told_of(units, worked["results"], ends)
    stay = [place for one in changes if one["state"] not in DONE for place in one["sites"]]
    known = {*stay, *(one["unit"] for one in left)}
    missed = await sweep(recipe, merged["branch"], known) if merged["branch"] else None
    covered = coverage(changes, missed or [])
    doubt = failed or unread or missed is None or covered["missing"]
    return ended(
        summary(covered, merged, changes),
        complete=merged["complete"] and not doubt,
        changes=changes + left,
        branch=merged["branch"],
        commit=merged["commit"],
        coverage=[covered],
        notes=doubts(failed, unread, missed, [worked, merged]),
    )
