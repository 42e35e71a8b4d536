"""Audit units of code one by one, check every issue, and say what was not looked at."""

from hocket.script import args, fan_out, phase, verify

meta = {
    "name": "code-audit",
    "description": "Audit endpoints, files or modules one by one and check every issue",
    "when_to_use": "A question about all of a code base, where nothing may be left out silently",
    "phases": ["List", "Audit", "Verify"],
    "args": {
        "type": "object",
        "properties": {
            "target": {"type": "string", "minLength": 1, "description": "What to look for"},
            "units": {
                "type": "string",
                "enum": ["endpoints", "files", "modules"],
                "default": "endpoints",
                "description": "What one agent looks at",
            },
            "files": {
                "type": "array",
                "items": {"type": "string"},
                "x-expand": "glob",
                "default": ["."],
                "description": "Which files: globs, folders or files",
            },
            "dimensions": {
                "type": "array",
                "items": {"type": "string", "maxLength": 40},
                "minItems": 1,
                "maxItems": 12,
                "default": ["authorisation", "input handling", "secrets", "error paths"],
                "description": "What each unit is judged by",
            },
            "mode": {
                "type": "string",
                "enum": ["quick", "full"],
                "x-default": "size",
                "default": "quick",
                "description": "full: two lists, and an agent per unit and dimension",
            },
            "rubrics": {
                "type": "string",
                "x-expand": "texts",
                "default": "bundle:rubrics",
                "description": "A folder with your own prompts",
            },
        },
        "required": ["target"],
    },
}

TOOLS = ["Read", "Grep", "Glob"]
MOST_FILES = 60  # for one agent that lists
MODULE = 12  # files of one folder for one agent
NEAR = 3  # lines: two issues of one kind that close are one
STATES = ("supported", "qualified", "unverified", "refuted")
NO_CODE = ".md .rst .txt .csv .tsv .json .jsonl .lock .log .svg .png .jpg .jpeg .gif .ico .pdf"


def record(**fields):
    """Give the schema of an object with these fields."""
    return {"type": "object", "properties": fields, "required": [*fields]}


def rows(of, expect, most=500):
    return {"type": "array", "items": of, "maxItems": most, "x-expect": expect}


def number(most):
    return {"type": "integer", "minimum": 1, "maximum": most}


TEXT = {"type": "string", "minLength": 1}
LINE = number(1_000_000)
ENDPOINT = record(file=number(MOST_FILES), line=LINE, name=TEXT)
LISTED = {
    **record(endpoints=rows(ENDPOINT, 12), without=rows(number(MOST_FILES), 3)),
    "x-role": "list",
}


def audited(most):
    """Give the schema of what is found in one unit of at most so many files."""
    issue = record(
        dimension={"enum": args["dimensions"]},
        file=number(most),
        line=LINE,
        quote=TEXT,
        claim=TEXT,
        severity={"enum": ["high", "medium", "low"]},
    )
    unread = record(file=number(most), first=LINE, last=LINE)
    found = record(issues=rows(issue, 1, 40), clean={"type": "boolean"}, unread=rows(unread, 0, 40))
    return {**found, "x-role": "audit"}


told = []  # what the patterns gave back: each says whether it is complete, and what to note
notes = []


async def ask_each(items, prompt, schema):
    """Ask one agent about each item; None where there was no answer."""
    told.append(await fan_out(items, prompt, schema=schema, tools=TOOLS))
    return told[-1]["results"]


def chunks(items, size):
    return [items[at : at + size] for at in range(0, len(items), size)]


def code_files():
    """Leave out files that hold no code, by their names."""
    code = [path for path in args["files"] if not path.endswith(tuple(NO_CODE.split()))]
    if len(code) < len(args["files"]):
        left = len(args["files"]) - len(code)
        notes.append(f"{left} of {len(args['files'])} files hold no code, by their names")
    return code


def unit(name, files, line=None):
    """Describe what one agent looks at; an endpoint has a line in its one file."""
    return {"unit": name, "files": files, "line": line}


def modules(files):
    """Take the files of a folder together; a large folder is several units."""
    folders = {}
    for path in files:
        folders.setdefault(path.rpartition("/")[0] or ".", []).append(path)
    return [
        unit(folder if len(inside) <= MODULE else f"{folder} ({n})", part)
        for folder, inside in folders.items()
        for n, part in enumerate(chunks(inside, MODULE), 1)
    ]


async def listed(files, looks):
    """Let agents list endpoints: for each look `{(path, line): name}`, and which files they saw."""
    asked = [(part, look) for part in chunks(files, MOST_FILES) for look in looks]
    items = [
        {"files": [{"n": n, "path": path} for n, path in enumerate(part, 1)], "look": look}
        for part, look in asked
    ]
    prompt = args["rubrics"]["list"] + "\n\n" + args["rubrics"]["frameworks"]
    found, seen = {look: {} for look in looks}, set()
    for (part, look), answer in zip(asked, await ask_each(items, prompt, LISTED), strict=True):
        known = dict(enumerate(part, 1))
        for one in answer["endpoints"] if answer else []:
            if one["file"] in known:
                found[look][known[one["file"]], one["line"]] = one["name"]
                seen.add(known[one["file"]])
        seen.update(known[n] for n in (answer["without"] if answer else []) if n in known)
    return [found[look] for look in looks], seen


async def endpoints(files):
    """List endpoints, twice over in full mode; files no list accounts for are asked once more."""
    looks = args["rubrics"]["looks"].split("\n\n")[: 2 if args["mode"] == "full" else 1]
    lists, seen = await listed(files, looks)
    if len(lists) > 1:
        notes.append(overlooked(*lists))
    left = [path for path in files if path not in seen]
    if left:
        more, again = await listed(left, looks[:1])
        lists, seen = lists + more, seen | again
    names = {place: one[place] for one in lists for place in one}
    units = [unit(f"{names[at]} ({at[0]}:{at[1]})", [at[0]], at[1]) for at in sorted(names)]
    return units, [path for path in files if path not in seen]


def overlooked(one, other):
    """Say what two lists tell of endpoints that are in neither."""
    both = len([place for place in one if place in other])
    counts = f"the two lists have {len(one)} and {len(other)} endpoints, {both} of them in common"
    if not both:
        return counts
    return f"{counts}: about {round((len(one) - both) * (len(other) - both) / both)} are in neither"


async def units_of(files):
    """Give the units, and the files of which nobody said what they hold."""
    if args["units"] == "endpoints":
        return await endpoints(files)
    return (modules(files) if args["units"] == "modules" else [unit(p, [p]) for p in files]), []


async def audit(units):
    """Look at all units; lines left unread are asked for once more. Gives issues and gaps."""
    every = args["dimensions"]
    sides = [[one] for one in every] if args["mode"] == "full" else [every]
    items = [{**one, "dimensions": side} for one in units for side in sides]
    schema = audited(max([len(one["files"]) for one in units], default=1))
    prompt = args["rubrics"]["audit"] + "\n\nWhat to look for: {args.target}"
    first = [*zip(items, await ask_each(items, prompt, schema), strict=True)]
    rest = [{**item, "unread": one["unread"]} for item, one in first if one and one["unread"]]
    prompt += "\n\n" + args["rubrics"]["rest"]
    second = [*zip(rest, await ask_each(rest, prompt, schema), strict=True)]
    gaps = [gap(item, "no answer") for item, one in first if one is None]
    gaps += [gap(item, "lines unread") for item, one in second if one is None or one["unread"]]
    return claims_of(first + second), gaps


def gap(item, cause):
    side = "" if item["dimensions"] == args["dimensions"] else f" on {item['dimensions'][0]}"
    return {"unit": item["unit"], "cause": cause + side}


def claims_of(answers):
    """Write issues as claims; what two agents report of one place counts once."""
    claims = []
    for item, answer in answers:
        for issue in answer["issues"] if answer else []:
            if issue["file"] <= len(item["files"]):
                place = {"source": item["files"][issue["file"] - 1], "unit": item["unit"]}
                kept = ("line", "quote", "dimension", "severity")
                claim = {"text": issue["claim"], **place, **{name: issue[name] for name in kept}}
                if not any(same(claim, other) for other in claims):
                    claims.append({"id": f"i{len(claims) + 1}", **claim})
    return claims


def same(one, other):
    alike = all(one[name] == other[name] for name in ("source", "dimension"))
    return alike and abs(one["line"] - other["line"]) <= NEAR


async def check(claims):
    """Let voters try to refute each issue; gives their verdicts and the stated error."""
    checked = await verify(
        claims,
        against=args["rubrics"]["verify"],
        lenses=args["rubrics"]["lenses"].split("\n\n"),
        lead={"high": 3, "normal": 2},
        importance="severity",
        group="source",
        screen=["quote_in_source"],
        tools=TOOLS,
    )
    told.append(checked)
    return checked["verdicts"], checked["error"]


def finding(claim, verdict):
    """Write a claim as reports list it."""
    kept = ("id", "line", "severity", "quote")
    return {
        **{name: claim[name] for name in kept},
        "file": claim["source"],
        "title": claim["text"],
        "why": verdict["qualification"] or verdict["cause"] or claim["unit"],
        "state": verdict["state"],
        "error": verdict["error"],
        "group": claim["dimension"],
    }


def covered(name, total, missing):
    """Say how many there are, and which were not looked at."""
    lost = {one["unit"] for one in missing}
    return {"unit": name, "done": total - len(lost), "total": total, "missing": missing}


def answer(coverage, findings):
    """Write the report."""
    states = [one["state"] for one in findings]
    issues = ", ".join(f"{states.count(state)} {state}" for state in STATES)
    reported = f"{len(findings)} issues were reported: {issues}." if findings else "No issue."
    return f"{coverage['done']} of {coverage['total']} {coverage['unit']} were audited. {reported}"


async def main():
    phase("List")
    files = code_files()
    units, unlisted = await units_of(files)
    phase("Audit")
    claims, gaps = await audit(units)
    phase("Verify")
    verdicts, error = await check(claims)
    findings = [finding(*one) for one in zip(claims, verdicts, strict=True)]
    lost = [{"unit": path, "cause": "no list accounts for it"} for path in unlisted]
    coverage = [covered(args["units"], len(units), gaps)]
    coverage += [covered("files", len(files), lost)] if args["units"] == "endpoints" else []
    return {
        "report": answer(coverage[0], findings),
        "data": {
            "title": "Code audit",
            "question": args["target"],
            "findings": findings,
            "coverage": coverage,
            "errors": [{"what": "verdicts", **error}],
            "notes": notes + [note for one in told for note in one["notes"]],
        },
        "complete": all(one["complete"] for one in told) and not gaps and not unlisted,
    }
