"""Look for the cause of a symptom in sources that are read apart; refute what can be refuted."""

from hocket.script import args, fan_out, merge, parallel, phase, rank, verify

meta = {
    "name": "root-cause",
    "description": "Look for the cause of a symptom in independent sources",
    "when_to_use": "Something broke, and it is not known why",
    "phases": ["Collect", "Suppose", "Refute", "Explain"],
    "args": {
        "type": "object",
        "properties": {
            "symptom": {"type": "string", "minLength": 1, "description": "What is seen"},
            "window": {"type": "string", "default": "not known", "description": "When it was seen"},
            "sources": {
                "type": "array",
                "items": {"enum": ["logs", "metrics", "changes", "configuration", "code"]},
                "description": "Where to look; default: all for which there are files",
            },
            "files": {
                "type": "array",
                "items": {"type": "string"},
                "x-expand": "glob",
                "default": ["."],
                "description": "Files to read; by their names they belong to a source",
            },
            "logs": {"type": "array", "items": {"type": "string"}, "x-expand": "glob"},
            "metrics": {"type": "array", "items": {"type": "string"}, "x-expand": "glob"},
            "mode": {"type": "string", "enum": ["quick", "full"], "x-default": "size"},
            "rubrics": {
                "type": "string",
                "x-expand": "texts",
                "default": "bundle:rubrics",
                "description": "A folder with your own prompts",
            },
        },
        "required": ["symptom"],
    },
}

FILED, CHANGES = ("logs", "metrics", "configuration", "code"), "changes"
GIT = ["Bash(git log:*)"]
FOLDERS = {
    "logs": ("log", "logs"),
    "metrics": ("metrics", "monitoring"),
    "configuration": ("config", "conf", "configuration", "deploy"),
}
ENDINGS = {
    "logs": (".log",),
    "configuration": (".toml", ".yaml", ".yml", ".ini", ".cfg", ".conf", ".properties"),
}
"""What belongs to a source by its folder or its ending; all else is code."""
HANDLE = "⟦"  # begins a text that only readers see
FACTS, SHOWN = 20, 300
STANDS = ("supported", "qualified")
VERDICT = ("state", "cause", "votes", "failed", "error", "qualification")
EFFORTS = ["minutes", "hours", "days"]
TEXT = {"type": "string", "minLength": 1}
NUMBERS = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 1000}}


def shaped(role, properties, optional=None):
    """Make the schema of an answer."""
    every = {**properties, **(optional or {})}
    return {"type": "object", "x-role": role, "properties": every, "required": [*properties]}


def several(rows, most):
    """Make the schema of a list."""
    return {"type": "array", "items": rows, "maxItems": most, "x-expect": [1, 3]}


TIME = {"type": "string", "format": "date-time"}
WHERE = {"line": {"type": "integer", "minimum": 1}, "time": TIME}
FACT = shaped("fact", {"text": TEXT, "quote": TEXT, "source": TEXT}, WHERE)
COLLECTED = shaped("collect", {"facts": several(FACT, FACTS)})
CAUSE = shaped("cause", {"cause": TEXT, "explains": NUMBERS})
SUPPOSED = shaped("hypothesis", {"causes": several(CAUSE, 3)})
TEST = {"assumptions": several(TEXT, 5), "test": TEXT, "effort": {"enum": EFFORTS}}
EXPLAINED = shaped("explain", {"explains": NUMBERS, **TEST})


def source_of(path):
    """Say which source a file belongs to, by its name."""
    folders = path.lower().split("/")[:-1]
    for name in FILED[:3]:
        if path.lower().endswith(ENDINGS.get(name, ())) or any(f in FOLDERS[name] for f in folders):
            return name
    return "code"


def sorted_files():
    """Give the files of each source, each file in one source: what a person says goes first."""
    found = {name: args.get(name) or [] for name in FILED}
    said = [path for paths in found.values() for path in paths]
    for path in args["files"]:
        if path not in said and not args.get(source_of(path)):
            found[source_of(path)] = [*found[source_of(path)], path]
    wanted = args.get("sources") or [name for name in found if found[name]] + [CHANGES]
    return {name: found.get(name, []) for name in wanted}


def tools_of(name, files):
    """Name what the reader of one source may use: as few folders as hold its files and no other."""
    if name == CHANGES:
        return GIT
    mine = files[name]
    if any(path.startswith(HANDLE) for path in mine):
        return ["Read", "Grep"]  # paths from outside decide nothing: the prompt alone names them
    others = [path.split("/") for other in files if other != name for path in files[other]]
    taken = {"/".join(parts[:n]) for parts in others for n in range(1, len(parts))}
    rules = set()
    for path in mine:
        parts = path.split("/")
        free = [f for n in range(1, len(parts)) if (f := "/".join(parts[:n])) not in taken]
        rules.add(f"{free[0]}/**" if free else path)
    return [f"{tool}({rule})" for rule in sorted(rules) for tool in ("Read", "Grep")]


async def collect(name, files):
    """Have one source read by an agent that can read no other; quotes must stand there."""
    hints = dict([line[2:].split(": ", 1) for line in args["rubrics"]["sources"].splitlines()])
    item = {"source": name, "symptom": args["symptom"], "window": args["window"], "most": FACTS}
    return await fan_out(
        [{**item, "hint": hints.get(name, ""), "files": files[name][:SHOWN]}],
        args["rubrics"]["collect"],
        schema=COLLECTED,
        tools=tools_of(name, files),
        untrusted=name != CHANGES,
        invariants=[] if name == CHANGES else [{"screen": "quote_in_source", "each": "facts"}],
        attempts=1,
        label=name,
    )


def numbered(names, collected):
    """Give all facts with a number and the source each comes from."""
    facts = []
    for name, told in zip(names, collected, strict=True):
        for fact in (told["results"][0] or {"facts": []})["facts"]:
            facts.append({**fact, "n": len(facts) + 1, "source": name, "place": fact["source"]})
    return facts


async def suppose(facts, quick):
    """Have causes named for every two sources, by agents who know of no other; join equal ones."""
    names = list(dict.fromkeys([fact["source"] for fact in facts]))
    pairs = [[a, b] for n, a in enumerate(names) for b in names[n + 1 :]]
    pairs = [names] if quick or not pairs else pairs
    seen = [[fact for fact in facts if fact["source"] in pair] for pair in pairs]
    items = [{"symptom": args["symptom"], "facts": shown} for shown in seen if shown]
    rubric = args["rubrics"]["hypotheses"]
    told = await fan_out(items, rubric, schema=SUPPOSED, tools=[], untrusted=True, label="causes")
    causes = [one for answer in told["results"] for one in (answer or {"causes": []})["causes"]]
    by = [{f["source"] for f in facts if f["n"] in one["explains"]} for one in causes]
    records = [{"cause": one["cause"], "from": sorted(of), "named": [n]}
               for n, (one, of) in enumerate(zip(causes, by, strict=True))]  # fmt: skip
    same, union = args["rubrics"]["same"], {"from": "union", "named": "union"}
    joined = await merge(records, key="cause", same=same, fields=union)
    # Which wording stands for all must not depend on the order of handles: the first one does.
    found = sorted(joined["records"], key=lambda one: min(one["named"]))
    return [{**one, "cause": causes[min(one["named"])]["cause"]} for one in found], [told, joined]


def lens(name, files, facts):
    """Have a voter look in one source; readers use no git, so of changes they are shown facts."""
    shown = files[name][:SHOWN]
    if name == CHANGES:
        shown = [f"{fact['place']} {fact['quote']}" for fact in facts if fact["source"] == name]
    text = f"Look in the {name} and nowhere else:\n" + "\n".join([f"- {line}" for line in shown])
    tools = [] if name == CHANGES else tools_of(name, files)
    return {"say": text.replace("{", "{{").replace("}", "}}"), "tools": tools}


async def refute(causes, files, facts, quick):
    """Have every cause attacked from the sources that it did not come from."""
    groups = {}
    for cause in causes:
        others = [name for name in files if name not in cause["from"]] or list(files)
        groups.setdefault(tuple(others), []).append(cause)

    async def panel(names, members):
        return await verify(
            [{"symptom": args["symptom"], "cause": cause["cause"]} for cause in members],
            against=args["rubrics"]["against"],
            lenses=[lens(name, files, facts) for name in names],
            lead=1 if quick else 2,
            untrusted=True,
        )

    voted = await parallel([lambda n=n, m=m: panel(n, m) for n, m in groups.items()])
    for members, told in zip(groups.values(), voted, strict=True):
        for cause, verdict in zip(members, told["verdicts"], strict=True):
            cause["verdict"] = verdict
    return voted


async def explain(causes, facts):
    """Have it said of each cause what it explains, what it assumes, and how to test it."""
    item = {"symptom": args["symptom"], "facts": facts}
    items = [{**item, "cause": cause["cause"]} for cause in causes]
    rubric = args["rubrics"]["explain"]
    told = await fan_out(items, rubric, schema=EXPLAINED, tools=[], untrusted=True, label="explain")
    for cause, answer in zip(causes, told["results"], strict=True):
        cause["told"] = answer or {"explains": [], "assumptions": [], "test": None, "effort": None}
        cause["facts"] = [fact for fact in facts if fact["n"] in cause["told"]["explains"]]
    return told


async def ordered(causes):
    """Put the causes that stand in order; those that nobody could decide come after them."""
    standing = [cause for cause in causes if cause["verdict"]["state"] in STANDS]
    items = [{"cause": one["cause"], "explains": [fact["text"] for fact in one["facts"]],
              "assumes": one["told"]["assumptions"]} for one in standing]  # fmt: skip
    ranked = await rank(items, args["rubrics"]["rank"], tools=[])
    first = [{**standing[row["index"]], "row": row} for row in ranked["order"]]
    named = [cause["cause"] for cause in first]
    return first + [cause for cause in causes if cause["cause"] not in named], ranked


def claim_of(cause):
    """Tell a cause with the facts it explains, or with what was found against it."""
    verdict, facts = cause["verdict"], cause.get("facts") or []
    quotes = [{"source": f["place"], "quote": f["quote"], "line": f.get("line")} for f in facts]
    found = verdict["quotes"] if verdict["state"] == "refuted" else []
    against = [{"source": None, "quote": quote} for quote in found]
    judged = {name: verdict[name] for name in VERDICT}
    return {"text": cause["cause"], "quotes": quotes, "against": against, **judged}


def row_of(place, cause):
    """Tell the place of a cause; one that was not ranked has no strength."""
    row = cause.get("row") or {"strength": None, "sd": None, "tied": False}
    why = f"{cause['verdict']['state']}; explains {len(cause['facts'])} facts"
    ranked = {name: row[name] for name in ("strength", "sd", "tied")}
    return {"place": place, "label": cause["cause"], "why": why, **ranked}


def tables(causes, facts):
    """Tell of each fact which causes explain it, and of each cause how to test it."""
    by = {f["n"]: [n for n, c in enumerate(causes, 1) if f in c["facts"]] for f in facts}
    shown = [[f["source"], f.get("time"), f["text"], f["place"], str(by[f["n"]])] for f in facts]
    tests = [[n, c["told"]["effort"], c["told"]["test"]] for n, c in enumerate(causes, 1)]
    columns = ["source", "time", "fact", "place", "explained by"]
    return [
        {"title": "facts", "columns": columns, "rows": shown},
        {"title": "next tests", "columns": ["cause", "effort", "test"], "rows": tests},
    ]


def said(causes, facts):
    """Say what the likeliest cause is, what it leaves open, and the cheapest next test."""
    if not causes:
        return f"No cause that was proposed stands. {len(facts)} facts were collected."
    first = causes[0]
    open_facts = [fact["text"] for fact in facts if fact not in first["facts"]]
    tests = [cause["told"] for cause in causes if cause["told"]["test"]]
    text = [f"Most likely: {first['cause']} ({first['verdict']['state']}).",
            f"It explains {len(first['facts'])} of {len(facts)} facts."]  # fmt: skip
    if open_facts:
        text.append("Not explained: " + " · ".join(open_facts))
    if tests:
        cheapest = min(tests, key=lambda one: EFFORTS.index(one["effort"]))
        text.append(f"Cheapest next test ({cheapest['effort']}): {cheapest['test']}")
    return "\n\n".join(text)


async def main():
    quick, files = args.get("mode") != "full", sorted_files()
    phase("Collect")
    collected = await parallel([lambda name=name: collect(name, files) for name in files])
    facts = numbered(files, collected)
    phase("Suppose")
    causes, parts = await suppose(facts, quick)
    phase("Refute")
    parts += await refute(causes, files, facts, quick)
    phase("Explain")
    left = [cause for cause in causes if cause["verdict"]["state"] != "refuted"]
    parts.append(await explain(left, facts))
    left, ranked = await ordered(left)
    parts = [*collected, *parts, ranked]
    ends = zip(files, [told["records"][0] for told in collected], strict=True)
    missing = [{"unit": n, "cause": end["cause"] or end["state"]} for n, end in ends
               if end["state"] not in ("ok", "cached")]  # fmt: skip
    done, total = len(files) - len(missing), len(files)
    covered = {"unit": "sources", "done": done, "total": total, "missing": missing}
    refuted = [cause for cause in causes if cause["verdict"]["state"] == "refuted"]
    return {
        "report": said(left, facts),
        "complete": all(part["complete"] for part in parts),
        "data": {
            "title": "Root cause",
            "question": args["symptom"],
            "claims": [claim_of(cause) for cause in left + refuted],
            "ranking": [row_of(place, cause) for place, cause in enumerate(left, 1)],
            "tables": tables(left, facts),
            "coverage": [covered],
            "notes": [note for part in parts for note in part["notes"]],
        },
    }
