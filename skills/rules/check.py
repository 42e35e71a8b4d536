"""Look for violations of rules, one verifier per rule, and for what excuses each of them."""

from hocket.script import args, fan_out, phase, verify

meta = {
    "name": "rules-check",
    "description": "Look for violations of rules, and for what excuses each of them",
    "phases": ["Check", "Verify"],
}

TOOLS = ["Read", "Grep", "Glob"]
MOST_LINES = 400  # of a diff for one verifier, three lines around each change among them
MOST_FILES = 60
MARKS = "-*+ \t"
STATES = ("supported", "qualified", "unverified", "refuted")


def record(**fields):
    """Give the schema of an object with these fields."""
    return {"type": "object", "properties": fields, "required": [*fields]}


def checked(most):
    """Give the schema of what is found in so many hunks or files."""
    text = {"type": "string", "minLength": 1}
    violation = record(
        place={"type": "integer", "minimum": 1, "maximum": most},
        line={"type": "integer", "minimum": 1},
        quote=text,
        why=text,
    )
    found = {"type": "array", "items": violation, "maxItems": 40, "x-expect": 1}
    return {**record(applies={"type": "boolean"}, violations=found), "x-role": "rule"}


told = []  # what the patterns gave back: each says whether it is complete, and what to note
notes = []


def rules():
    """Take a rule per line, without the mark of a list."""
    lines = [line.strip() for line in args.get("rules") or [] if not line.startswith("#")]
    texts = [line.lstrip(MARKS) for line in lines if line.strip(MARKS)]
    return [{"rule": f"R{n}", "text": text} for n, text in enumerate(texts, 1)]


def size(place):
    return max(1, place["lines"]) if "lines" in place else MOST_LINES / MOST_FILES


def parts():
    """Give what each verifier looks at: numbered hunks, or files, not more than it can read."""
    files = [{"file": path} for path in args.get("files") or []]
    cut, room = [], 0
    for place in files or args.get("diff") or []:
        if size(place) > room:
            cut.append([])
            room = MOST_LINES
        cut[-1].append({"n": len(cut[-1]) + 1, **place})
        room -= size(place)
    return cut


def covers(place, line):
    """Whether a line is in a hunk, which shows three lines around a change; a file has all."""
    return "lines" not in place or 0 <= line - place["line"] < size(place)


def claims_of(item, answer):
    """Write violations as claims; what stands outside the change is left out, and noted."""
    places = dict(enumerate(item["places"], 1))
    claims = []
    for one in answer["violations"]:
        place = places.get(one["place"])
        if place and covers(place, one["line"]):
            claims.append(
                {
                    "rule": item["rule"],
                    "text": f"This breaks the rule: {item['text']}",
                    "source": place["file"],
                    **{key: one[key] for key in ("line", "quote", "why")},
                }
            )
        else:
            notes.append(f"{item['rule']}: a violation outside the change was left out")
    return claims


async def look(known, cut):
    """Let a verifier look for violations of each rule in each part; gives claims and gaps."""
    items = [{**rule, "places": part} for rule in known for part in cut]
    schema = checked(max([len(part) for part in cut], default=1))
    told.append(await fan_out(items, args["rubrics"]["check"], schema=schema, tools=TOOLS))
    answers = [*zip(items, told[-1]["results"], strict=True)]
    claims = [claim for item, answer in answers if answer for claim in claims_of(item, answer)]
    gaps = [{"unit": item["rule"], "cause": "no answer"} for item, one in answers if one is None]
    applying = {item["rule"] for item, answer in answers if answer and answer["applies"]}
    return claims, gaps, applying


async def excuse(claims):
    """Let skeptics look for an exception; gives their verdicts and the stated error."""
    verdicts = await verify(
        claims,
        against=args["rubrics"]["verify"],
        lenses=args["rubrics"]["lenses"].split("\n\n"),
        lead=2,
        group="rule",
        screen=["quote_in_source"],
        tools=TOOLS,
    )
    told.append(verdicts)
    return verdicts["verdicts"], verdicts["error"]


def finding(number, claim, verdict):
    """Write a claim as reports list it."""
    return {
        "id": f"v{number}",
        "file": claim["source"],
        "severity": "medium",
        "title": claim["text"],
        "why": verdict["qualification"] or verdict["cause"] or claim["why"],
        "state": verdict["state"],
        "error": verdict["error"],
        "group": claim["rule"],
        **{key: claim[key] for key in ("line", "quote")},
    }


def answer(coverage, applying, findings):
    """Write the report."""
    states = [one["state"] for one in findings]
    counts = ", ".join(f"{states.count(state)} {state}" for state in STATES)
    checked_rules = f"{coverage['done']} of {coverage['total']} rules were checked"
    return f"{checked_rules}, {len(applying)} apply. Violations that were reported: {counts}."


async def main():
    phase("Check")
    known, cut = rules(), parts()
    if not known:
        return {"report": "There are no rules to check: name a file with --rules.",
                "data": {"title": "Rules"}, "complete": False}  # fmt: skip
    claims, gaps, applying = await look(known, cut)
    phase("Verify")
    verdicts, error = await excuse(claims)
    pairs = enumerate(zip(claims, verdicts, strict=True), 1)
    findings = [finding(number, *pair) for number, pair in pairs]
    lost = len({one["unit"] for one in gaps})
    coverage = {"unit": "rules", "done": len(known) - lost, "total": len(known), "missing": gaps}
    return {
        "report": answer(coverage, applying, findings) if cut else "There is nothing to check.",
        "data": {
            "title": "Rules",
            "findings": findings,
            "coverage": [coverage],
            "errors": [{"what": "verdicts", **error}],
            "notes": notes + [note for one in told for note in one["notes"]],
        },
        "complete": all(one["complete"] for one in told) and not gaps,
    }
