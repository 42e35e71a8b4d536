"""Fact-check: every sentence of a text ends with verdicts on what it claims, or with a reason."""

from hocket.script import args, fan_out, phase, verify

meta = {
    "name": "fact-check",
    "description": "Check every statement of a text against sources; mark each of its sentences",
    "phases": ["Extract", "Evidence", "Verify"],
    "args": {
        "type": "object",
        "properties": {
            "file": {"type": "string", "x-expand": "text", "description": "The text to check"},
            "sources": {
                "type": "array",
                "items": {"type": "string"},
                "x-expand": "folders",
                "default": [],
                "description": "Folders, files, web or mcp__server__tool; else web or the project",
            },
            "strict": {
                "type": "boolean",
                "default": False,
                "description": "Ask for two independent sources, else a claim is unverified",
            },
            "mode": {"type": "string", "enum": ["quick", "full"], "x-default": "size"},
            "passages": {
                "type": "integer",
                "minimum": 1,
                "maximum": 20,
                "default": 6,
                "description": "Most passages for a claim",
            },
            "max_calls": {"type": "integer", "minimum": 1, "description": "Most votes"},
            "rubrics": {"type": "string", "x-expand": "texts", "default": "bundle:rubrics"},
        },
        "required": ["file"],
    },
}

PAGES = 3  # of a text, for one reader
WITNESSES = 2  # independent sources that `strict` asks for
WORST_FIRST = ("refuted", "not checked", "unverified", "qualified", "supported")

TEXT = {"type": "string"}
DATE = {"type": "string", "format": "date"}
NUMBER = {"type": "integer", "minimum": 0}
SENTENCE = {"type": "string", "pattern": "^s[0-9]{1,5}$", "maxLength": 6}
FILE = {"type": "string", "pattern": "^f[0-9]{1,5}$", "maxLength": 6}
IMPORTANCE = {"enum": ["low", "normal", "high"]}
WHY = {"enum": ["opinion", "definition", "question", "heading", "code"]}
SAYS = {"enum": ["supports", "refutes", "neither"]}


def many(most, expect, required, **fields):
    """Describe a list of objects."""
    item = {"type": "object", "properties": fields, "required": required.split()}
    return {"type": "array", "items": item, "maxItems": most, "x-expect": expect}


NUMBERS = {"type": "array", "items": TEXT, "maxItems": 20, "x-expect": [0, 2]}
STATED = {"sentence": SENTENCE, "text": TEXT, "importance": IMPORTANCE, "numbers": NUMBERS}
PASSAGE = {"source": FILE, "url": TEXT, "digest": TEXT, "quote": TEXT, "line": NUMBER, "date": DATE}
ANSWERS = {
    "statements": {
        "statements": many(300, [8, 16], "sentence text importance", **STATED),
        "others": many(300, [4, 8], "sentence why", sentence=SENTENCE, why=WHY),
    },
    "evidence": {"passages": many(20, [1, 4], "quote", says=SAYS, **PASSAGE)},
}


class Check:
    """What was found so far, what every step covered, and whether all of it came to its end."""

    def __init__(self):
        given = args["sources"]
        # A text is no evidence for itself, and neither is a copy of it.
        same = [one for one in given["files"] if one["sha256"] == args["file"]["sha256"]]
        own = {one["copy_of"] or one["id"] for one in same}
        others = [one for one in given["files"] if (one["copy_of"] or one["id"]) not in own]
        self.files = {file["id"]: file for file in others}
        self.hands = ["Read", "Grep", "Glob"] if given["folders"] else []
        self.hands += [*(["WebSearch", "WebFetch"] if given["web"] else []), *given["mcp"]]
        self.sentences = [one for page in args["file"]["pages"] for one in page["sentences"]]
        self.reasons = {one["id"]: "code" for one in self.sentences if one.get("kind") == "code"}
        self.lost = {}
        self.claims = []
        self.sources = {}
        self.whole = True

    async def ask(self, role, items, hands):
        """Ask one reader per item, by the rubric of its role; give each answer and its end."""
        fields, prompt = ANSWERS[role], args["rubrics"][role]
        schema = {"type": "object", "properties": fields, "required": [*fields], "x-role": role}
        told = await fan_out(items, prompt, schema=schema, tools=hands, untrusted=True, label=role)
        ends = [record["state"] for record in told["records"]]
        return list(zip(told["results"], ends, strict=True))

    def unread(self):
        """List the sentences that have neither a claim nor a reason yet."""
        known = {claim["sentence"] for claim in self.claims} | self.reasons.keys()
        return [one for one in self.sentences if one["id"] not in known]

    def source(self, passage):
        """Give the source of a passage by its id; a copy is the file that it copies."""
        file = self.files.get(passage.get("source"))
        if file is None:
            place = passage.get("digest") or passage.get("url")
            page = {"id": place, "url": passage.get("url"), "title": passage.get("url")}
            new = {**page, "date": passage.get("date"), "kind": "unknown", "place": place}
        else:
            file = self.files[file["copy_of"] or file["id"]]
            copies = [one["name"] for one in self.files.values() if one["copy_of"] == file["id"]]
            new = {**take(file, "id path date kind"), "title": file["name"], "copies": copies}
            new["place"] = file["path"]
        return self.sources.setdefault(new["id"], {**new, "state": "read"})


def take(record, names):
    """Pick the fields that say something."""
    return {name: record[name] for name in names.split() if record.get(name) is not None}


async def extract(work):
    """Let one reader per three pages tell claims from what cannot be checked; ask twice at most."""
    phase("Extract")
    pages = args["file"]["pages"]
    groups = [pages[at : at + PAGES] for at in range(0, len(pages), PAGES)]
    for _ in range(2):
        left = {one["id"] for one in work.unread()}
        rows = [[one for page in group for one in page["sentences"]] for group in groups]
        rows = [[take(one, "id line text") for one in row if one["id"] in left] for row in rows]
        items = [{"file": args["file"]["file"], "sentences": row} for row in rows if row]
        told = await work.ask("statements", items, [])
        for item, (found, end) in zip(items, told, strict=True):
            note_statements(work, item, found, end)


def note_statements(work, item, found, end):
    """Take what a reader made of its sentences; it may speak of no others."""
    known = {one["id"] for one in item["sentences"]}
    work.lost |= dict.fromkeys(known, "left out by its reader" if found else end)
    found = found or {"statements": [], "others": []}
    work.claims += [one for one in found["statements"] if one["sentence"] in known]
    work.reasons |= {
        one["sentence"]: one["why"] for one in found["others"] if one["sentence"] in known
    }


async def gather(work):
    """Let one reader per claim find passages; a quote that is not in its source is dropped."""
    phase("Evidence")
    files = [take(file, "id path name") for file in list(work.files.values())[:1000]]
    shared = {"files": files, "most": args["passages"]}
    items = [{"claim": take(one, "text numbers"), **shared} for one in work.claims]
    told = await work.ask("evidence", items, work.hands)
    for claim, (found, end) in zip(work.claims, told, strict=True):
        claim["cause"] = None if found else end
        claim["passages"] = [passage(work, one) for one in (found or {"passages": []})["passages"]]
    await drop_lost(work)


def passage(work, found):
    """Show a passage with what is known of its source."""
    source = work.source(found)
    shown = {**take(found, "quote line says"), **take(source, "date kind")}
    return {**shown, "id": source["id"], "source": source["place"]}


async def drop_lost(work):
    """Keep the passages that stand in their source; nobody votes."""
    every = [one for claim in work.claims for one in claim["passages"]]
    told = await verify(every, screen=["quote_in_source"], lead=0)
    lost = [every[it["index"]] for it in told["verdicts"] if it["cause"] == "quote not in source"]
    for claim in work.claims:
        claim["passages"] = [one for one in claim["passages"] if one not in lost]


async def judge(work):
    """Vote on every claim by its passages alone; what could not be read is no verdict."""
    phase("Verify")
    asked = [claim for claim in work.claims if claim["cause"] is None]
    options = {"against": args["rubrics"]["vote"], "lead": 2 if args["mode"] == "full" else 1}
    options |= {"evidence": "passages", "max_calls": args.get("max_calls"), "tools": []}
    shown = [take(claim, "text importance passages") for claim in asked]
    told = await verify(shown, untrusted=True, **options)
    for claim, verdict in zip(asked, told["verdicts"], strict=True):
        claim |= {**verdict, "told": verdict["quotes"]}
    for n, claim in enumerate(work.claims, 1):
        claim |= {"id": f"c{n}", **ruled(claim)}
    work.whole = told["complete"] and not work.unread()
    work.whole = work.whole and all(one["mark"] != "not checked" for one in work.claims)
    return told["error"]


def ruled(claim):
    """Put what came of a claim into the words of the report."""
    state, cause = claim.get("state", "unverified"), claim["cause"]
    backing = {one["id"] for one in claim["passages"] if one.get("says") != "refutes"}
    if args["strict"] and state in ("supported", "qualified") and len(backing) < WITNESSES:
        state, cause = "unverified", "fewer than two independent sources"
    voted = any(claim.get("votes", {}).values())
    checked = voted or cause == "no evidence"
    told = claim.get("told", [])
    better = {"qualified": claim.get("qualification"), "refuted": told[0] if told else None}
    quotes = [{**one, "source": one["id"]} for one in claim["passages"]]
    return {
        "state": state,
        "cause": cause,
        "mark": state if checked else "not checked",
        "correction": better.get(state),
        "quotes": quotes,
        "sources": sorted({one["id"] for one in claim["passages"]}),
    }


def marked(work):
    """Give every sentence the mark of its worst claim, or the reason why it has none."""
    rows = []
    for one in work.sentences:
        claims = [claim for claim in work.claims if claim["sentence"] == one["id"]]
        claims.sort(key=lambda claim: WORST_FIRST.index(claim["mark"]))
        mark, note = "not checked", work.lost.get(one["id"], "not read")
        if one["id"] in work.reasons:
            mark, note = "not checkable", work.reasons[one["id"]]
        if claims:
            mark, note = claims[0]["mark"], claims[0]["correction"] or claims[0]["cause"]
        rows.append({**take(one, "id line text"), "mark": mark, "note": note})
    return rows


async def main():
    """Extract, find evidence, vote; give the text with a mark on every sentence."""
    work = Check()
    await extract(work)
    await gather(work)
    error = await judge(work)
    rows = marked(work)
    return {"report": summary(rows), "data": data(work, rows, error), "complete": work.whole}


def summary(rows):
    """Say in words how the text came off."""
    marks = [row["mark"] for row in rows]
    every = [*reversed(WORST_FIRST), "not checkable"]
    told = [f"{marks.count(mark)} {mark}" for mark in every if mark in marks]
    checked = len(rows) - marks.count("not checked")
    return f"{checked} of {len(rows)} sentences have a verdict or a reason: {', '.join(told)}."


def data(work, rows, error):
    """Put everything together that the report is made of."""
    lines = {one["id"]: one["line"] for one in work.sentences}
    kept = "id text state cause qualification correction error votes failed quotes sources"
    claims = [
        {**take(one, kept), "span": {"id": one["sentence"], "line": lines[one["sentence"]]}}
        for one in work.claims
    ]
    unchecked = [row for row in rows if row["mark"] == "not checked"]
    missing = [
        {"unit": f"{row['id']}, line {row['line']}", "cause": row["note"]} for row in unchecked
    ]
    done = {"unit": "sentences", "done": len(rows) - len(unchecked), "total": len(rows)}
    table = {"title": "Verdicts", "columns": ["line", "claim", "verdict", "sources", "corrected"]}
    table["rows"] = [
        [one["span"]["line"], one["text"], one["state"], len(one["sources"]), one.get("correction")]
        for one in claims
    ]
    return {
        "title": f"Fact-check of {args['file']['file']}",
        "marked": {"file": args["file"]["file"], "sentences": rows},
        "claims": claims,
        "tables": [table],
        "sources": list(work.sources.values()),
        "coverage": [{**done, "missing": missing}],
        "errors": [{"what": "verdicts", **error}],
    }
