"""Sort tickets, find duplicates, and act on what was agreed; who acts never sees a ticket."""

from hocket.script import args, classify_and_act, fan_out, merge, phase, verify

meta = {
    "name": "triage",
    "description": "Sort tickets, find duplicates, and act on classes that were agreed on",
    "when_to_use": "A queue of tickets from strangers has to be sorted and seen to",
    "phases": [{"title": "List", "optional": True}, "Read", "Duplicates", "Act"],
    "args": {
        "type": "object",
        "properties": {
            "queue": {"type": "string", "description": "mcp__server__tool, or a name for it"},
            "tickets": {"type": "string", "x-expand": "json", "description": "A file of tickets"},
            "files": {
                "type": "array",
                "items": {"type": "string"},
                "x-expand": "glob",
                "description": "Files with one ticket each",
            },
            "tracked": {"type": "string", "x-expand": "json", "description": "Known: id and title"},
            "classes": {
                "type": "array",
                "items": {"type": "string", "pattern": "^[a-z][a-z-]{0,30}: "},
                "description": "Classes, as in 'refund: wants money back'",
            },
            "act": {
                "type": "array",
                "items": {"type": "string", "pattern": "^[a-z][a-z-]{0,30}=[A-Za-z0-9_-]{1,100}$"},
                "description": "What is done with a class: CLASS=TOOL",
            },
            "rubrics": {
                "type": "string",
                "x-expand": "texts",
                "default": "bundle:rubrics",
                "description": "A folder with your own prompts",
            },
        },
        "required": ["queue"],
    },
}

UNSURE, NONE, OTHER = "unsure", "none", "other"
HANDLE = "⟦"  # begins a text that only readers see
PAGE, PAGES, AT_ONCE, CANDIDATES = 50, 12, 20, 5
COLUMNS = ["class", "severity", "component", "language", "asks_for_action", "about"]
LANGUAGES = ["en", "de", "es", "fr", "it", "ja", "ko", "nl", "pt", "ru", "zh", OTHER]
ID = {"type": "string", "pattern": "^[A-Za-z0-9._:#-]{1,16}$", "maxLength": 16}
PLACE = {"type": "integer", "minimum": 1, "maximum": 100_000}


def shaped(role, properties):
    """Make the schema of an answer, all of it required."""
    return {"type": "object", "x-role": role, "properties": properties, "required": [*properties]}


PAIR = shaped("pair", {"new": PLACE, "earlier": PLACE})
PAIRS = shaped("candidates", {"pairs": {"type": "array", "items": PAIR, "x-expect": [2, 10]}})
ID_LIST = {"type": "array", "items": ID, "maxItems": PAGE}
IDS = shaped("list", {"ids": ID_LIST, "more": {"type": "boolean"}})
CHOICES = [str(number) for number in range(1, CANDIDATES + 1)]
DUPLICATE = shaped("duplicate", {"same_as": {"enum": [NONE, *CHOICES]}})


def points(name):
    """Give the points of a list that a prompt folder holds."""
    lines = args["rubrics"][name].splitlines()
    return [line[2:].strip() for line in lines if line.startswith("- ")]


def classes():
    """Give the classes with their descriptions, and the tools that some are acted on with."""
    told = [one.partition(":") for one in args.get("classes") or points("classes")]
    known = {name.strip(): line.strip() for name, _, line in told}
    tools = {one.partition("=")[0]: one.partition("=")[2] for one in args.get("act") or []}
    for name in tools:
        if name not in known:
            raise ValueError(f"triage: --act: '{name}' is no class; known: {', '.join(known)}")
    return known, tools


def fields_of(known):
    """Let a reader fill in bounded fields; the one free line is for other readers alone."""
    fields = {
        "class": {"enum": [*known, UNSURE]},
        "severity": {"enum": ["critical", "high", "normal", "low"]},
        "component": {"enum": [*points("components"), OTHER]},
        "language": {"enum": LANGUAGES},
        "asks_for_action": {"type": "boolean"},
        "about": {"type": "string", "minLength": 1, "maxLength": 200},
    }
    return shaped("ticket", fields)


def ticket(own, shown, title=None):
    """Make a ticket; an id that only readers may see is none to act on."""
    sure = isinstance(own, int) or (bool(own) and not own.startswith(HANDLE))
    return {"id": own, "sure": sure, "shown": shown, "title": title}


def row_of(row):
    """Make a ticket of an item in a file."""
    told = row if isinstance(row, dict) else {"title": row}
    return ticket(told.get("id", told.get("number")), {"ticket": row}, told.get("title"))


def asked(items, name, schema, tools, more=""):
    """Ask one reader per item, as the rubric of this name says."""
    prompt = args["rubrics"][name] + more.replace("{", "{{").replace("}", "}}")
    return fan_out(items, prompt, schema=schema, tools=tools, untrusted=True, label=name)


def cause(record):
    """Say why there is no answer; None if there is one."""
    return None if record["state"] in ("ok", "cached") else record["cause"] or record["state"]


async def pages(tool):
    """Have the tool list its tickets, page by page; what is no short id is left out."""
    ids, missing = [], []
    for page in range(1, PAGES + 1):
        told = await asked([{"page": page, "most": PAGE}], "list", IDS, [tool])
        answer = told["results"][0]
        if answer is None:
            missing.append({"unit": f"page {page}", "cause": cause(told["records"][0])})
            break
        ids += [one for one in answer["ids"] if not one.startswith(HANDLE)]
        if not answer["more"]:
            break
    return [ticket(one, {"id": one}) for one in dict.fromkeys(ids)], missing


async def queue():
    """Give the tickets, the tools it takes to read them, and pages that could not be listed."""
    if args.get("tickets"):
        return [row_of(row) for row in args["tickets"]], [], []
    if args.get("files"):
        return [ticket(path, {"path": path}) for path in args["files"]], ["Read"], []
    if not args["queue"].startswith("mcp__"):
        raise ValueError("triage: no queue; expected mcp__server__tool, --tickets or --files")
    phase("List")
    tickets, missing = await pages(args["queue"])
    return tickets, [args["queue"]], missing


async def read(tickets, known, tools):
    """Have each ticket read once; sets its fields, or the cause why it has none."""
    lines = "\n".join([f"- {name}: {line}" for name, line in known.items()])
    told = await asked([one["shown"] for one in tickets], "ticket", fields_of(known), tools, lines)
    for one, fields, record in zip(tickets, told["results"], told["records"], strict=True):
        one["fields"], one["cause"] = fields, cause(record)
    return told


def line(number, one):
    """Show a ticket as one line of a list, for those who look for what is alike."""
    named = {"title": one["title"], "about": (one.get("fields") or {}).get("about")}
    return {"number": number, **{name: text for name, text in named.items() if text}}


async def candidates(tickets, known):
    """Name for each ticket at most five before it that may be the same."""
    lines = [line(number, one) for number, one in enumerate(tickets, 1)]
    new = range(known + 1, len(tickets) + 1)
    batches = [new[at : at + AT_ONCE] for at in range(0, len(new), AT_ONCE)]
    items = [{"new": [lines[n - 1] for n in b], "earlier": lines[: b[-1]]} for b in batches]
    told = await asked(items, "candidates", PAIRS, [])
    for batch, answer, record in zip(batches, told["results"], told["records"], strict=True):
        pairs = answer["pairs"] if answer else []
        for n in batch:
            named = [pair["earlier"] for pair in pairs if pair["new"] == n and pair["earlier"] < n]
            one = tickets[n - 1]
            one["candidates"] = [tickets[m - 1] for m in dict.fromkeys(named)][:CANDIDATES]
            one["undecided"] = cause(record)
    return told


async def duplicates(tickets, tools):
    """Have each ticket that has candidates read beside them, and what seems the same voted on."""
    asking = [one for one in tickets if one["candidates"]]
    items = [{**one["shown"], "candidates": [
        {**line(n, other), **other["shown"]} for n, other in enumerate(one["candidates"], 1)
    ]} for one in asking]  # fmt: skip
    told = await asked(items, "duplicate", DUPLICATE, tools)
    pairs = []
    for one, answer, record in zip(asking, told["results"], told["records"], strict=True):
        one["undecided"] = cause(record)
        said = answer["same_as"] if answer else NONE
        if said != NONE and int(said) <= len(one["candidates"]):
            pairs.append([one, one["candidates"][int(said) - 1]])
    voted = await verify(
        [{**one["shown"], "same_as": other["shown"]} for one, other in pairs],
        against=args["rubrics"]["same"],
        lenses=["Look for what one of them says and the other rules out."],
        lead=1,
        tools=tools,
        untrusted=True,
    )
    for (one, other), verdict in zip(pairs, voted["verdicts"], strict=True):
        one["same_as"] = other if verdict["state"] in ("supported", "qualified") else None
        one["undecided"] = verdict["cause"]
    return [told, voted]


def first(one):
    """Give the ticket that all duplicates of one thing lead to."""
    while one.get("same_as"):
        one = one["same_as"]
    return one


async def joined(tickets):
    """Make one record of all tickets about one thing: what most of them say holds."""
    records = [
        {"original": first(one)["id"], "tickets": [one["id"]]}
        | {name: one["fields"][name] for name in ("class", "severity", "component")}
        for one in tickets
    ]
    return await merge(records, key="original", fields={"tickets": "union"})


async def act(tickets, known, tools, readers):
    """Act where several readers agree on the class; one reading is never enough."""
    return await classify_and_act(
        [{"id": one["id"], **one["shown"]} for one in tickets],
        known,
        question=args["rubrics"]["question"],
        act={name: {"prompt": args["rubrics"]["act"], "tools": [tools[name]]} for name in tools},
        confirm=[*tools],
        judge={"tools": readers, "untrusted": True},
    )


def reason(one, tools):
    """Say why a person has to look at a ticket; None if nobody has to."""
    if one["fields"]["class"] == UNSURE:
        return "no class, or more than one"
    if one["undecided"]:
        return f"nobody could say whether it is a duplicate: {one['undecided']}"
    if one["fields"]["class"] in tools and not one["sure"]:
        return "its id stands in text from outside"
    return None


def tables(tickets, acts, by_hand):
    """Put everything into tables; a reader's free line opens in the result alone."""
    rows = [
        [one["id"], first(one)["id"] if one.get("same_as") else NONE]
        + [one["fields"][name] for name in COLUMNS]
        for one in tickets
    ]
    return [
        {"title": "needs a person", "columns": ["ticket", "why"], "rows": by_hand},
        {"title": "acts", "columns": ["ticket", "class", "state", "cause"], "rows": acts},
        {"title": "tickets", "columns": ["ticket", "duplicate of", *COLUMNS], "rows": rows},
    ]


async def main():
    known, tools = classes()
    tickets, readers, missing = await queue()
    phase("Read")
    parts = [await read(tickets, known, readers)]
    there = [one for one in tickets if one["fields"]]
    missing += [{"unit": str(t["id"]), "cause": t["cause"]} for t in tickets if not t["fields"]]

    phase("Duplicates")
    tracked = [row_of(row) for row in args.get("tracked") or []]
    parts.append(await candidates([*tracked, *there], len(tracked)))
    parts += await duplicates(there, readers)
    groups = await joined(there)

    phase("Act")
    ready = [one for one in there if one["fields"]["class"] in tools and not reason(one, tools)]
    ready = [one for one in ready if not one.get("same_as")]
    acted = await act(ready, known, tools, readers)
    acts = [[ready[a["index"]]["id"], a["class"], a["state"], a["cause"]] for a in acted["acted"]]
    by_hand = [[one["id"], why] for one in there if (why := reason(one, tools))]
    by_hand += [[it["item"]["id"], it["cause"]] for it in acted["escalated"] + acted["failed"]]
    parts += [groups, acted]
    same = len([one for one in there if one.get("same_as")])
    text = (
        f"{len(there)} of {len(tickets)} tickets were read, {same} of them are duplicates. "
        f"{len(acts)} acts were tried, {len(by_hand)} tickets need a person."
    )
    covered = {"unit": "tickets", "done": len(there), "total": len(tickets), "missing": missing}
    return {
        "report": text,
        "complete": all(part["complete"] for part in parts) and not missing,
        "data": {
            "title": "Triage",
            "question": args["queue"],
            "tables": tables(there, acts, by_hand),
            "groups": groups["records"],
            "coverage": [covered],
            "errors": [{"what": "classes that were acted on", **acted["error"]}],
            "notes": [note for part in parts for note in part["notes"]],
        },
    }
