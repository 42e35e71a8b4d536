"""Deep research from many sources; ids, enums, dates and counts decide, never a text."""

from hocket.script import args, fan_out, merge, phase, synthesize, verify

meta = {
    "name": "deep-research",
    "description": "Answer a question from many sources: every claim quoted, voted on and cited",
    "phases": ["Scope", "Search", "Read", "Verify", "Gap", "Write"],
    "args": {
        "type": "object",
        "properties": {
            "question": {"type": "string", "description": "What you want to know"},
            "sources": {
                "type": "array",
                "items": {"type": "string"},
                "x-expand": "folders",
                "default": [],
                "description": "Folders, files, web or mcp__server__tool; else web or the project",
            },
            "mode": {"type": "string", "enum": ["quick", "full"], "x-default": "size"},
            "angles": {"type": "integer", "minimum": 1, "maximum": 12, "description": "5, quick 3"},
            "per_angle": {"type": "integer", "minimum": 1, "description": "Claims: 4, quick 2"},
            "sources_max": {"type": "integer", "minimum": 1, "default": 15},
            "since": {"type": "string", "format": "date", "description": "Leave out older sources"},
            "max_calls": {"type": "integer", "default": 100, "description": "Most votes"},
            "rubrics": {"type": "string", "x-expand": "texts", "default": "bundle:rubrics"},
        },
        "required": ["question"],
    },
}
UNITS = {"angles": "plans", "search": "angles searched", "search-read": "angles searched and read"}
UNITS |= {"read": "sources read", "relation": "looks for conflicts", "critic": "looks for gaps"}
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT, "maxItems": 20, "x-expect": [0, 3]}
DATE = {"type": "string", "format": "date"}
FILE = {"type": "string", "pattern": "^f[0-9]{1,5}$", "maxLength": 6}
ANGLE = {"type": "string", "pattern": "^[ag][0-9]{1,2}$", "maxLength": 3}
PART = {"type": "string", "pattern": "^p[0-9]{1,2}$", "maxLength": 3}
KIND = {"enum": ["primary", "secondary", "unknown"]}
IMPORTANCE = {"enum": ["low", "normal", "high"]}
NUMBER = {"type": "integer", "minimum": 0}


def many(most, expect, required, **fields):
    """Describe a list of objects."""
    item = {"type": "object", "properties": fields, "required": required.split()}
    return {"type": "array", "items": item, "maxItems": most, "x-expect": expect}


SPOT = {"question": TEXT, "terms": TEXTS}
ASPECT = {"id": ANGLE, "importance": IMPORTANCE, "refuted_by": TEXT, **SPOT}
SAID = {"text": TEXT, "quote": TEXT, "line": NUMBER, "numbers": TEXTS, "date": DATE}
SAID |= {"angle": ANGLE, "part": PART, "importance": IMPORTANCE}
FOUND = many(60, [3, 6], "kind", id=FILE, url=TEXT, title=TEXT, date=DATE, kind=KIND)
CLAIMS = many(60, [2, 4], "text quote angle importance", **SAID)
SOURCED = many(60, 2, "text quote angle", source=FILE, url=TEXT, digest=TEXT, **SAID)
ANSWERS = {
    "angles": {
        "angles": many(12, [3, 5], "id importance question", **ASPECT),
        "parts": many(12, [2, 3], "id question", id=PART, question=TEXT),
    },
    "search": {"results": FOUND},
    "search-read": {"results": FOUND, "claims": SOURCED},
    "read": {"claims": CLAIMS, "author": TEXT, "funder": TEXT, "digest": TEXT},
    "relation": {"opposites": many(60, [0, 1], "a b", a=NUMBER, b=NUMBER, why=TEXT)},
    "critic": {"missing": many(2, [0, 1], "question", part=PART, **SPOT)},
}


class Research:
    """What was found so far, what every step covered, and whether all of it came to its end."""

    def __init__(self):
        files = {file["id"]: file for file in args["sources"]["files"]}
        self.originals = {one["id"]: files[one["copy_of"] or one["id"]] for one in files.values()}
        self.full = args["mode"] == "full"
        self.named, self.sources, self.claims, self.whole = [], {}, [], True
        self.data = {"title": args["question"], "coverage": [], "errors": [], "notes": []}
        given = args["sources"]
        self.hands = ["Read", "Grep", "Glob"] if given["folders"] else []
        self.hands += [*(["WebSearch", "WebFetch"] if given["web"] else []), *given["mcp"]]

    async def ask(self, role, items, names, hands):
        """Ask one reader per item, by the rubric of its role; name what fails and why."""
        fields, prompt = ANSWERS[role], args["rubrics"][role]
        required = [name for name, field in fields.items() if field["type"] == "array"]
        schema = {"type": "object", "properties": fields, "required": required, "x-role": role}
        told = await fan_out(items, prompt, schema=schema, tools=hands, untrusted=True, label=role)
        lost = [{"unit": names[n], "cause": told["records"][n]["state"]} for n in told["failed"]]
        done = {"unit": UNITS.get(role, role), "done": len(items) - len(lost), "total": len(items)}
        self.data["coverage"] += [{**done, "missing": lost}] if items else []
        nothing = {**{name: [] for name in required}, "failed": True}
        return [one or nothing for one in self.ended(told)["results"]]

    def ended(self, told):
        """Remember whether a pattern came to its end."""
        self.whole = self.whole and told["complete"]
        return told

    async def shelve(self, rows):
        """Take rows with an `id` or `url`; give each one's source: copies and mirrors are one."""
        start = len(self.named)
        for row in rows:
            self.named.append(self.originals.get(row.get("id")) or take(row, "url title date kind"))
        keys = {n: one.get("id") or one.get("url") for n, one in enumerate(self.named)}
        first = await firsts(keys)
        return [self.source(first[n]) if keys[n] else None for n in range(start, len(keys))]

    def source(self, n):
        """Give the source that row `n` was the first to name."""
        row, since = self.named[n], args.get("since", "")
        new = {"id": f"w{n + 1}", "title": row.get("name") or row.get("url"), **row}
        new |= {"date": row.get("date"), "kind": row.get("kind", "unknown"), "state": "left out"}
        copies = [one["name"] for one in args["sources"]["files"] if one["copy_of"] == new["id"]]
        cause = f"older than {since}" if new["date"] and new["date"] < since else None
        return self.sources.setdefault(new["id"], {**new, "copies": copies, "cause": cause})

    def holding(self):
        """Pick the claims that may be written about."""
        return [one for one in self.claims if one["state"] in ("supported", "qualified")]


def take(record, names):
    """Pick the fields that say something."""
    return {name: record[name] for name in names.split() if record.get(name) is not None}


def freshness(one):
    """Rank primary sources before others, new ones before old ones."""
    return one["kind"] == "primary", one.get("date") or ""


async def firsts(texts):
    """Give for each member of a table the first whose text is the same."""
    records = [{"key": text, "members": [n]} for n, text in texts.items() if text]
    joined = await merge(records, key="key", fields={"members": "union"})
    return {n: min(one["members"]) for one in joined["records"] for n in one["members"]}


async def scope(work, count):
    """Find sides to search from, and the parts that must be answered."""
    phase("Scope")
    item = {"question": args["question"], "angles": count, "folders": args["sources"]["folders"]}
    plan = (await work.ask("angles", [item], ["the plan"], []))[0]
    angles = list({one["id"]: one for one in plan["angles"]}.values())[:count]
    whole = {"id": "a1", "importance": "high", "question": args["question"], "terms": []}
    return angles or [whole], plan["parts"]


async def search(work, role, angles, more):
    """Send one searcher per angle, with the names of the files there are."""
    phase("Search")
    files = [take(file, "id path name") for file in args["sources"]["files"][:1000]]
    items = [{"question": args["question"], "files": files, "angle": one, **more} for one in angles]
    return await work.ask(role, items, [angle["id"] for angle in angles], work.hands)


async def choose(work, found, most):
    """Take the best of every angle in turn, so that none starves; what is left knows why."""
    lists = [await work.shelve(each["results"]) for each in found]
    ranked = [sorted(filter(None, each), key=freshness, reverse=True) for each in lists]
    longest = max(map(len, ranked), default=0)
    turns = [each[turn] for turn in range(longest) for each in ranked if turn < len(each)]
    new = {one["id"]: one for one in turns if one["state"] == "left out"}.values()
    fresh = [one for one in new if one["cause"] is None]
    for one in fresh[most:]:
        one["cause"] = f"beyond {most} sources"
    return fresh[:most]


async def read(work, chosen, angles, parts, most):
    """Let one reader per source say what it claims, word for word."""
    phase("Read")
    about = [take(angle, "id question terms") for angle in angles]
    shared = {"question": args["question"], "angles": about, "parts": parts, "most": most}
    items = [{**shared, "source": take(one, "id path url date kind")} for one in chosen]
    found = await work.ask("read", items, [one["title"] for one in chosen], work.hands)
    for source, told in zip(chosen, found, strict=True):
        state = "failed" if told.get("failed") else "read"
        source |= {"state": state, **take(told, "author funder digest")}
        source["claims"] = [claimed(*one, source, angles) for one in enumerate(told["claims"])]
    return [claim for source in chosen for claim in source.pop("claims")]


def claimed(turn, claim, source, angles):
    """Put a claim beside its quote; an angle that nobody asked for becomes the first."""
    quote = {**take(claim, "text quote line"), **take(source, "date kind"), "source": source["id"]}
    quote["place"] = source.get("path") or source.get("digest") or source.get("url")
    angle = claim["angle"] if claim["angle"] in [one["id"] for one in angles] else angles[0]["id"]
    told = {"angle": angle, "sources": [source["id"]], "quotes": [quote], "turns": [turn]}
    return {**take(claim, "importance part"), **told}


def settled(claim, first):
    """Show a claim by its best quote; of sources with one text only the first is a witness."""
    best = max(claim["quotes"], key=lambda one: (freshness(one), one["source"]))
    told = {**take(best, "text quote line date kind"), "source": best["place"]}
    return {**claim, **told, "sources": sorted({first.get(one, one) for one in claim["sources"]})}


async def judge(work, claims, quota, most):
    """Screen quotes, join what says the same, vote; every claim is told with what came of it."""
    phase("Verify")
    first = await firsts({one["id"]: one.get("digest") for one in work.sources.values()})
    claims = [settled(claim, first) for claim in claims]
    # Who wants evidence and gets none is not voted on: quotes are screened before they are joined.
    told = await verify(claims, screen=["quote_in_source"], evidence="passages")
    lost = [claims[it["index"]] for it in told["verdicts"] if it["cause"] == "quote not in source"]
    options = {"key": "text", "same": args["rubrics"]["same"] if work.full else None}
    options |= {"fields": dict.fromkeys(("sources", "quotes", "turns"), "union"), "untrusted": True}
    joined = work.ended(await merge([one for one in claims if one not in lost], **options))
    asked = [settled(claim, first) for claim in joined["records"]]
    asked.sort(key=lambda one: (-len(one["sources"]), one["sources"], min(one["turns"])))
    options = {"against": args["rubrics"]["vote"], "lead": 2 if work.full else 1, "group": "angle"}
    options |= {"screen": ["quote_in_source", "numbers_match"], "quota": quota, "max_calls": most}
    told = work.ended(await verify(asked + lost, untrusted=True, tools=work.hands, **options))
    work.data["errors"] += [{"what": "verdicts", **told["error"]}] if told["calls"] else []
    for claim, verdict in zip(asked + lost, told["verdicts"], strict=True):
        against = verdict["quotes"] if verdict["state"] == "refuted" else []
        told = take(verdict, "state cause qualification error votes failed")
        told |= {"id": f"c{len(work.claims) + 1}", "group": claim["angle"]}
        work.claims.append({**claim, **told, "against": [{"quote": one} for one in against]})


async def gap(work, parts):
    """Look once more, and only once, for what must be answered and no claim answers."""
    phase("Gap")
    texts = [one["text"] for one in work.holding()]
    item = {"question": args["question"], "parts": parts, "supported": texts}
    missing = (await work.ask("critic", [item], ["gaps"], []))[0]["missing"]
    angles = [{"id": f"g{n}", "importance": "high", **one} for n, one in enumerate(missing, 1)]
    chosen = await choose(work, await search(work, "search", angles, {"most": 4}), 4)
    await judge(work, (await read(work, chosen, angles, parts, 4))[:4], 4, 36)


async def opposites(work):
    """Find claims that hold and cannot both be true; both stay, with their dates and kinds."""
    claims = work.holding()
    shown = [{"n": n, **take(one, "text quote date kind")} for n, one in enumerate(claims, 1)]
    items = [{"claims": shown}] if len(claims) > 1 else []
    told = await work.ask("relation", items, ["conflicts"], [])
    names = {n: one["id"] for n, one in enumerate(claims, 1)}
    pairs = [(names.get(one["a"]), names.get(one["b"])) for it in told for one in it["opposites"]]
    work.data["conflicts"] = [{"claims": [a, b]} for a, b in pairs if a and b and a != b]


async def write(work):
    """Let one agent write from what holds, each sentence with its mark; nothing fills a hole."""
    phase("Write")
    said = [{"n": n, **one} for n, one in enumerate(work.holding(), 1)]
    if not said:
        return "Nothing that was found is supported.", []
    parts = [take(one, "n text state quote source qualification date kind") for one in said]
    cite = [take(one, "n quote source") for one in said]
    lost = [one for each in work.data["coverage"] for one in each["missing"]]
    missing = [f"{one['unit']}: {one['cause']}" for one in lost]
    options = {"cite": cite, "missing": missing, "width": 100, "tools": [], "label": "write"}
    told = work.ended(await synthesize(parts, args["rubrics"]["write"], untrusted=True, **options))
    cut = [f"Not carried by what it cites ({it['why']}): {it['sentence']}" for it in told["cut"]]
    work.data["notes"] += [*cut, *(f"Sentence {n} cites nothing" for n in told["uncited"])]
    cited = [{**one, "claim": own["id"]} for one, own in zip(cite, said, strict=True)]
    return told["answer"] or "The answer could not be written.", cited


async def quick(work):
    """Let one reader per angle search and read; no second round, no look for conflicts."""
    angles, parts = await scope(work, args.get("angles", 3))
    more = {"angles": angles, "parts": parts, "per_angle": args.get("per_angle", 2)}
    claims = []
    for found in await search(work, "search-read", angles, {**more, "most": args["sources_max"]}):
        await work.shelve(found["results"])
        rows = [{"id": one.get("source"), "url": one.get("url")} for one in found["claims"]]
        for claim, source in zip(found["claims"], await work.shelve(rows), strict=True):
            if source:
                source |= {"state": "read", **take(claim, "digest")}
                claims.append(claimed(len(claims), claim, source, angles))
    await judge(work, claims, more["per_angle"], args["max_calls"])


async def full(work):
    """Search every angle, read the sources chosen, vote, and close gaps once."""
    angles, parts = await scope(work, args.get("angles", 5))
    per, most = args.get("per_angle", 4), args["sources_max"]
    chosen = await choose(work, await search(work, "search", angles, {"most": most}), most)
    await judge(work, await read(work, chosen, angles, parts, per), per, args["max_calls"])
    await gap(work, parts)
    await opposites(work)


async def main():
    """Find, check and write; give the answer and everything it rests on."""
    work = Research()
    await (full if work.full else quick)(work)
    report, citations = await write(work)
    sources = list(work.sources.values())
    left = [one["title"] for one in sources if one["state"] == "left out"]
    cut = {"what": "sources", "shown": len(sources) - len(left), "total": len(sources)}
    data = {**work.data, "claims": work.claims, "sources": sources, "citations": citations}
    data["cut"] = [{**cut, "rest": left}] if left else []
    return {"report": report, "data": data, "complete": work.whole}
