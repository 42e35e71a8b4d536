"""Propose rules: cluster corrections, word a rule for each cluster, hold it against history."""

from hocket.script import args, fan_out, merge, phase, verify

meta = {
    "name": "rules-mine",
    "description": "Propose rules from corrections, and hold them against later changes",
    "phases": ["Read", "Cluster", "Propose", "History", "Verify"],
}

MEMBERS = 3  # corrections that make a cluster, by as many people or in as many files as follows
SPREAD = 2
CAUGHT = 0.6  # of its own cluster a rule has to prevent so much
HOLDS = 0.8  # of the later changes it applies to
MOST_CHANGES = 20  # for one reader
MOST_RULES = 20  # lines of the proposal
SAME = "one written rule would have prevented both corrections"
SCOPES = "naming errors tests types style speed security interface documents other"


def record(role, **fields):
    """Give the schema of an answer."""
    return {"type": "object", "properties": fields, "required": [*fields], "x-role": role}


TEXT = {"type": "string", "minLength": 1, "maxLength": 600}
LINE = {"type": "string", "minLength": 1, "maxLength": 300}
NUMBERS = {
    "type": "array",
    "items": {"type": "integer", "minimum": 1, "maximum": MOST_CHANGES},
    "maxItems": MOST_CHANGES,
    "x-expect": 5,
}
READING = record("correction", wrong=TEXT, right=TEXT, why=TEXT, scope={"enum": SCOPES.split()})
PROPOSAL = {**record("propose", rule=LINE, exceptions=LINE), "required": ["rule"]}
PREVENTED = record("catch", caught=NUMBERS)
APPLIED = record("history", applies=NUMBERS, breaks=NUMBERS)

told = []  # what the patterns gave back: each says whether it is complete, and what to note


async def ask_each(items, rubric, schema):
    """Ask one reader about each item; None where there was no answer."""
    prompt = args["rubrics"][rubric]
    told.append(await fan_out(items, prompt, schema=schema, untrusted=True, tools=[]))
    return told[-1]["results"]


async def clusters(corrections, readings):
    """Put corrections together that one rule would have prevented; gives lists of numbers."""
    records = [
        {"scope": one["scope"], "text": f"{one['wrong']} -> {one['right']}", "members": [n]}
        for n, one in enumerate(readings)
        if one
    ]
    fields = {"members": "union"}
    told.append(await merge(records, key=["scope", "text"], fields=fields, same=SAME))
    groups = [sorted(one["members"]) for one in told[-1]["records"]]
    return sorted(group for group in groups if is_common([corrections[n] for n in group]))


def is_common(corrections):
    """Whether a cluster is more than one person's habit, or one file's history."""
    records = [one for one in corrections if isinstance(one, dict)]
    spread = max(len({str(one.get(key)) for one in records}) for key in ("author", "file"))
    return len(corrections) >= MEMBERS and spread >= SPREAD


def question(rule, changes):
    """Put a rule and numbered changes into one item."""
    numbered = [{"n": n, "change": one} for n, one in enumerate(changes, 1)]
    return {"rule": rule["text"], "exceptions": rule["exceptions"], "changes": numbered}


async def proposed(readings, groups):
    """Let one agent per cluster word a rule."""
    items = [{"corrections": [readings[n] for n in group]} for group in groups]
    answers = await ask_each(items, "propose", PROPOSAL)
    return [
        {
            "id": f"M{n}",
            "text": one["rule"],
            "exceptions": one.get("exceptions", ""),
            "members": group,
        }
        for n, (group, one) in enumerate(zip(groups, answers, strict=True), 1)
        if one
    ]


async def caught(asked):
    """Ask which changes each rule would have prevented; None where there was no answer."""
    answers = await ask_each([question(*pair) for pair in asked], "catch", PREVENTED)
    return [
        None if one is None else {n for n in one["caught"] if n <= len(changes)}
        for (_, changes), one in zip(asked, answers, strict=True)
    ]


async def prevented(rules, corrections):
    """Ask how much of its cluster each rule would have prevented; what is missed, once more."""
    first = [(rule, [corrections[n] for n in rule["members"]][:MOST_CHANGES]) for rule in rules]
    had = await caught(first)
    again = [
        (rule, [one for n, one in enumerate(own, 1) if n not in some])
        for (rule, own), some in zip(first, had, strict=True)
        if some is not None and len(some) < len(own)
    ]
    more = dict(zip([rule["id"] for rule, _ in again], await caught(again), strict=True))
    return {
        rule["id"]: (len(some) + len(more.get(rule["id"], ()))) / len(own)
        for (rule, own), some in zip(first, had, strict=True)
        if some is not None and more.get(rule["id"], ()) is not None
    }


async def applied(rules, history):
    """Ask to which later changes each rule applies, and which seem to break it."""
    cut = [history[at : at + MOST_CHANGES] for at in range(0, len(history), MOST_CHANGES)]
    asked = [(rule, part) for rule in rules for part in cut]
    answers = await ask_each([question(*pair) for pair in asked], "history", APPLIED)
    applying = {rule["id"]: 0 for rule in rules}
    claims, gaps = [], []
    for (rule, part), answer in zip(asked, answers, strict=True):
        if answer is None:
            gaps.append({"unit": rule["id"], "cause": "some later changes were not read"})
            continue
        there = {n for n in answer["applies"] if n <= len(part)}
        applying[rule["id"]] += len(there)
        claims += [breach(rule, part[n - 1]) for n in sorted(there & {*answer["breaks"]})]
    return applying, claims, gaps


def breach(rule, change):
    text = f"This change breaks the rule: {rule['text']} Exceptions: {rule['exceptions']}"
    return {"rule": rule["id"], "text": text, "change": change}


async def broken(claims):
    """Let skeptics look for what excuses an accepted change; gives each rule's verdicts."""
    checked = await verify(
        claims, against=args["rubrics"]["broken"], evidence="change", group="rule"
    )
    told.append(checked)
    states = {}
    for claim, one in zip(claims, checked["verdicts"], strict=True):
        states.setdefault(claim["rule"], []).append(one["state"])
    return states, checked["error"]


def judged(rule, caught, applying, states, is_whole):
    """Say whether a rule is worth proposing; what was not decided counts for neither side."""
    applying -= states.count("unverified")
    holds = applying - len([one for one in states if one in ("supported", "qualified")])
    counts = {"caught": caught, "applying": applying, "holds": holds}
    if caught is None or not is_whole:
        return {**rule, **counts, "state": "unverified", "cause": "not all of it was looked at"}
    if not applying:
        return {**rule, **counts, "state": "unverified", "cause": "no later change to hold it to"}
    faults = [
        *(["it would not have prevented most of its cluster"] if caught < CAUGHT else []),
        *(["later changes that were accepted break it"] if holds < HOLDS * applying else []),
    ]
    state = "refuted" if faults else "supported"
    return {**rule, **counts, "state": state, "cause": ", ".join(faults) or None}


def proposal(rules):
    """Write the rules that hold, those of most corrections first, in at most twenty lines."""
    ordered = sorted(rules, key=lambda one: -len(one["members"]))[:MOST_RULES]
    return "\n".join(f"- {one['text']} {one['exceptions']}".rstrip() for one in ordered)


def row(one):
    caught = "" if one["caught"] is None else f"{one['caught']:.0%}"
    held = f"{one['holds']} of {one['applying']}"
    return [one["id"], one["text"], one["state"], len(one["members"]), caught, held]


async def main():
    corrections, history = args.get("corrections") or [], args.get("history") or []
    phase("Read")
    readings = await ask_each([{"correction": one} for one in corrections], "correction", READING)
    phase("Cluster")
    groups = await clusters(corrections, readings)
    phase("Propose")
    rules = await proposed(readings, groups)
    phase("History")
    shares = await prevented(rules, corrections)
    applying, claims, gaps = await applied(rules, history)
    phase("Verify")
    states, error = await broken(claims)
    lost = {one["unit"] for one in gaps}
    told_of = [
        judged(rule, shares.get(at), applying[at], states.get(at, []), at not in lost)
        for at, rule in ((rule["id"], rule) for rule in rules)
    ]
    kept = [one for one in told_of if one["state"] == "supported"]
    silent = [{"unit": f"correction {n}", "cause": "no answer"}
              for n, one in enumerate(readings, 1) if one is None]  # fmt: skip
    done = {"unit": "corrections", "done": len(readings) - len(silent), "total": len(readings)}
    loners = done["done"] - sum(len(group) for group in groups)
    held = {"unit": "rules held against later changes", "total": len(rules), "missing": gaps}
    columns = ["id", "rule", "state", "corrections", "prevents", "holds in later changes"]
    return {
        "report": f"{len(kept)} rules are proposed from {len(corrections)} corrections; {loners}"
        f" corrections are in no cluster.\n\n{proposal(kept)}".rstrip(),
        "data": {
            "title": "Proposed rules",
            "claims": [
                {key: one[key] for key in ("id", "text", "state", "cause")} for one in told_of
            ],
            "tables": [
                {"title": "Candidates", "columns": columns, "rows": [row(one) for one in told_of]}
            ],
            "coverage": [{**done, "missing": silent}, {**held, "done": len(rules) - len(lost)}],
            "errors": [{"what": "breaches", **error}],
            "notes": [note for one in told for note in one["notes"]],
        },
        "complete": all(one["complete"] for one in told) and not silent and bool(history),
    }
