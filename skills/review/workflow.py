"""Review a change: every part of the diff is read, and only what survives refutation is told."""

from hocket.script import args, fan_out, merge, phase, verify, workflow

meta = {
    "name": "review",
    "description": "Review a change and check every finding before it is told",
    "when_to_use": "Before a merge: uncommitted work, a branch, a commit or a range",
    "phases": ["Read", "Settle", "Verify", {"title": "Fix", "optional": True}],
    "args": {
        "type": "object",
        "properties": {
            "ref": {
                "type": "string",
                "x-expand": "git-diff",
                "default": "",
                "description": "A commit, branch or range; else what is not committed, or the"
                " branch since it began",
            },
            "dimensions": {
                "type": "array",
                "items": {"type": "string", "maxLength": 40},
                "minItems": 1,
                "maxItems": 12,
                "default": [
                    "correctness",
                    "failure paths",
                    "security",
                    "concurrency",
                    "tests",
                    "compatibility",
                ],
                "description": "What the change is judged by",
            },
            "fix": {
                "type": "boolean",
                "default": False,
                "description": "Let `migrate` mend what was supported, on a branch of its own",
            },
            "mode": {
                "type": "string",
                "enum": ["quick", "full"],
                "x-default": "size",
                "default": "quick",
                "description": "full: a reader per part and two dimensions",
            },
            "rubrics": {
                "type": "string",
                "x-expand": "texts",
                "default": "bundle:rubrics",
                "description": "A folder with your own prompts",
            },
        },
        "required": ["ref"],
    },
}

TOOLS = ["Read", "Grep", "Glob"]
MOST_LINES = 400  # of the diff for one reader, three lines around each change among them
NEAR = 3  # lines: findings that close may be one
SIDE = 2  # dimensions for one reader in full mode
SAME = "the same defect at the same place (the first value), in whatever words"
SEVERITIES = ("high", "medium", "low")


def record(optional=(), **fields):
    """Give the schema of an object with these fields."""
    required = [name for name in fields if name not in optional]
    return {"type": "object", "properties": fields, "required": required}


def reviewed(most):
    """Give the schema of what is found in so many hunks."""
    text = {"type": "string", "minLength": 1}
    finding = record(
        ("example",),
        hunk={"type": "integer", "minimum": 1, "maximum": most},
        line={"type": "integer", "minimum": 1},
        dimension={"enum": args["dimensions"]},
        severity={"enum": [*SEVERITIES]},
        quote=text,
        claim=text,
        example=text,
    )
    found = {"type": "array", "items": finding, "maxItems": 100, "x-expect": 2}
    return {**record(findings=found), "x-role": "review"}


told = []  # what the patterns gave back: each says whether it is complete, and what to note
notes = []


def size(hunk):
    """How much of a reader a hunk takes; a file that is gone has no line, but is a change."""
    return max(1, hunk["lines"])


def parts(hunks):
    """Cut the diff where a part is full; a file that fits into one part stays whole."""
    files = {}
    for hunk in hunks:
        files.setdefault(hunk["file"], []).append(hunk)
    cut, room = [], 0
    for inside in files.values():
        if sum(size(hunk) for hunk in inside) > room:
            room = 0
        for hunk in inside:
            if size(hunk) > room:
                cut.append([])
                room = MOST_LINES
            cut[-1].append({"n": len(cut[-1]) + 1, **hunk})
            room -= size(hunk)
    return cut


def name(part):
    """Name a part by its files."""
    files = [*dict.fromkeys(hunk["file"] for hunk in part)]
    return f"{files[0]}:{part[0]['line']}" + (f" and {len(files) - 1} more" if files[1:] else "")


async def read(cut):
    """Let readers look at each part from each side; gives what they found, and gaps."""
    every = args["dimensions"]
    step = SIDE if args["mode"] == "full" else len(every)
    sides = [every[at : at + step] for at in range(0, len(every), step)]
    items = [{"unit": name(one), "hunks": one, "dimensions": side} for one in cut for side in sides]
    schema = reviewed(max([len(one) for one in cut], default=1))
    told.append(await fan_out(items, args["rubrics"]["review"], schema=schema, tools=TOOLS))
    answers = [*zip(items, told[-1]["results"], strict=True)]
    gaps = [
        {"unit": item["unit"], "cause": f"no answer on {', '.join(item['dimensions'])}"}
        for item, answer in answers
        if answer is None
    ]
    found = [(item, one) for item, answer in answers if answer for one in answer["findings"]]
    return found, gaps


def claims_of(found):
    """Write findings as claims; what stands outside the diff is left out, and noted."""
    claims = []
    for item, one in found:
        hunk = dict(enumerate(item["hunks"], 1)).get(one["hunk"])
        if hunk and is_inside(hunk["file"], one["line"], item["hunks"]):
            kept = ("line", "quote", "dimension", "severity", "example")
            fields = {key: one[key] for key in kept if key in one}
            claims.append({"text": one["claim"], "source": hunk["file"], **fields})
    if len(claims) < len(found):
        notes.append(f"{len(found) - len(claims)} findings outside the diff were left out")
    return sorted(claims, key=lambda one: (one["source"], one["line"]))


def is_inside(file, line, hunks):
    """Whether a line is in the diff, or within three lines of it: a hunk shows as many."""
    return any(one["file"] == file and 0 <= line - one["line"] < size(one) for one in hunks)


def places(claims):
    """Put claims together that stand within three lines of each other."""
    found = []
    for claim in claims:
        last = found[-1][-1] if found else {"source": None}
        is_near = last["source"] == claim["source"] and claim["line"] - last["line"] <= NEAR
        if is_near:
            found[-1].append(claim)
        else:
            found.append([claim])
    return found


async def settled(claims):
    """Make one claim of those at one place that tell of one defect; the severe ones first."""
    close = [place for place in places(claims) if len(place) > 1]
    alone = [place[0] for place in places(claims) if len(place) == 1]
    records = [
        {"place": n, "text": claim["text"], "claims": [claim]}
        for n, place in enumerate(close)
        for claim in place
    ]
    fields = {"claims": "union"}
    told.append(await merge(records, key=["place", "text"], fields=fields, same=SAME, tools=[]))
    joined = [worst(one["claims"]) for one in told[-1]["records"]]
    if records:
        notes.append(f"{len(records)} findings that stand close together are {len(joined)}")
    ordered = sorted(alone + joined, key=severity)
    return [{"id": f"r{n}", **claim} for n, claim in enumerate(ordered, 1)]


def severity(claim):
    return SEVERITIES.index(claim["severity"])


def worst(claims):
    """Let the most severe wording speak for all, under the dimensions of all."""
    dimensions = sorted({claim["dimension"] for claim in claims})
    return {**min(claims, key=severity), "dimension": ", ".join(dimensions)}


async def check(claims):
    """Let voters try to prove that each cannot happen; gives verdicts and their stated error."""
    checked = await verify(
        claims,
        against=args["rubrics"]["verify"],
        lenses=args["rubrics"]["lenses"].split("\n\n"),
        lead=2,
        importance="severity",
        group="source",
        screen=["quote_in_source"],
        tools=TOOLS,
    )
    told.append(checked)
    return checked["verdicts"], checked["error"]


def finding(claim, verdict):
    """Write a claim as reports list it."""
    kept = ("id", "line", "severity", "quote", "example")
    return {
        **{key: claim[key] for key in kept if key in claim},
        "file": claim["source"],
        "title": claim["text"],
        "why": verdict["qualification"] or verdict["cause"] or "",
        "state": verdict["state"],
        "error": verdict["error"],
        "group": claim["dimension"],
    }


async def mended(sure):
    """Hand findings over to be mended; gives the changes and the branch they are on."""
    wish = "\n".join(f"{one['file']}:{one['line']}: {one['title']}" for one in sure)
    what = args["rubrics"]["fix"] + "\n\n" + wish
    files = sorted({one["file"] for one in sure})
    try:
        done = await workflow("migrate", {"what": what, "find": files})
    except RuntimeError as error:
        notes.append(f"nothing was mended: {error}")
        return {}, False
    notes.append(f"migrate: {done['report']}")
    kept = {
        key: done["data"][key] for key in ("changes", "branch", "commit") if key in done["data"]
    }
    return kept, done["complete"]


def answer(coverage, findings):
    """Write the report."""
    if not coverage["total"]:
        return "There is no change to review."
    states = [one["state"] for one in findings]
    told_of = f"{states.count('supported')} findings, {states.count('qualified')} questions"
    rest = f"{states.count('refuted')} refuted, {states.count('unverified')} not verified"
    parts_read = f"{coverage['done']} of {coverage['total']} parts of the change were read"
    return f"{parts_read}: {told_of}, {rest}."


async def main():
    phase("Read")
    cut = parts(args["ref"])
    found, gaps = await read(cut)
    phase("Settle")
    claims = await settled(claims_of(found))
    phase("Verify")
    verdicts, error = await check(claims)
    findings = [finding(*one) for one in zip(claims, verdicts, strict=True)]
    sure = [one for one in findings if one["state"] == "supported"]
    changes, is_mended = {}, True
    if args["fix"] and sure:
        phase("Fix")
        changes, is_mended = await mended(sure)
    lost = len({one["unit"] for one in gaps})
    coverage = {"unit": "parts", "done": len(cut) - lost, "total": len(cut), "missing": gaps}
    return {
        "report": answer(coverage, findings),
        "data": {
            "title": "Review",
            "findings": findings,
            "coverage": [coverage],
            "errors": [{"what": "verdicts", **error}],
            "notes": notes + [note for one in told for note in one["notes"]],
            **changes,
        },
        "complete": all(one["complete"] for one in told) and not gaps and is_mended,
    }
