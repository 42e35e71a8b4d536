"""Deep research from many sources; ids, enums, dates and counts decide, never a text."""

from hocket.script import args, fan_out, merge, phase, synthesize, verify

meta = {
    "description": "Answer a question from many sources: every claim quoted, voted on and cited",
    "name": "deep-research", "phases": ["Scope", "Search", "Read", "Verify", "Gap", "Write"],
    "args": {"type": "object", "required": ["question"], "properties": {
        "question": {"type": "string", "description": "What you want to know"},
        "sources": {"type": "array", "items": {"type": "string"}, "x-expand": "folders",
            "default": [], "description": "Folders, files, web, mcp__server__tool; or the project"},
        "mode": {"type": "string", "enum": ["quick", "full"], "x-default": "size"},
        "angles": {"type": "integer", "minimum": 1, "maximum": 12, "description": "5, quick 3"},
        "per_angle": {"type": "integer", "minimum": 1, "description": "Claims: 4, quick 2"},
        "sources_max": {"type": "integer", "minimum": 1, "default": 15},
        "since": {"type": "string", "format": "date", "description": "Leave out older sources"},
        "max_calls": {"type": "integer", "default": 100, "description": "Most votes"},
        "rubrics": {"type": "string", "x-expand": "texts", "default": "bundle:rubrics"},
}}}  # fmt: skip
UNITS = {"search": "angles searched", "search-read": "angles searched", "read": "sources read"}
JOINED, SCREENS = "angle importance part sources quotes turns", ["quote_in_source", "numbers_match"]
TEXT, NUMBER = {"type": "string"}, {"type": "integer", "minimum": 0}
TEXTS = {"type": "array", "items": TEXT, "maxItems": 20, "x-expect": [0, 3]}
DATE = {"type": "string", "format": "date"}
FILE = {"type": "string", "pattern": "^f[0-9]{1,5}$", "maxLength": 6}
ANGLE = {"type": "string", "pattern": "^[ag][0-9]{1,2}$", "maxLength": 3}
PART = {"type": "string", "pattern": "^p[0-9]{1,2}$", "maxLength": 3}
KIND = {"enum": ["primary", "secondary", "unknown"]}
IMPORTANCE = {"enum": ["low", "normal", "high"]}


def many(most, expect, required, **fields):
    """Describe a list of objects."""
    item = {"type": "object", "properties": fields, "required": required.split()}
    return {"type": "array", "items": item, "maxItems": most, "x-expect": expect}


SPOT = {"question": TEXT, "terms": TEXTS}
PARTS = many(12, [2, 3], "id question", id=PART, question=TEXT)
ASPECT = {"id": ANGLE, "importance": IMPORTANCE, "refuted_by": TEXT, **SPOT}
SAID = {"text": TEXT, "quote": TEXT, "line": NUMBER, "numbers": TEXTS, "date": DATE}
SAID |= {"angle": ANGLE, "part": PART, "importance": IMPORTANCE}
FOUND = many(60, [3, 6], "kind", id=FILE, url=TEXT, title=TEXT, date=DATE, kind=KIND)
CLAIMS = many(60, [2, 4], "text quote angle importance", **SAID)
SOURCED = many(60, 2, "text quote angle", source=FILE, url=TEXT, digest=TEXT, **SAID)
ANSWERS = {
    "angles": {"angles": many(12, [3, 5], "id importance question", **ASPECT), "parts": PARTS},
    "search": {"results": FOUND}, "search-read": {"results": FOUND, "claims": SOURCED},
    "read": {"claims": CLAIMS, "author": TEXT, "funder": TEXT, "digest": TEXT},
    "relation": {"opposites": many(60, [0, 1], "a b", a=NUMBER, b=NUMBER, why=TEXT)},
    "critic": {"missing": many(2, [0, 1], "question", part=PART, **SPOT)}}  # fmt: skip


class Research:
    """What was found so far, what every step covered, and whether all of it came to its end."""

    def __init__(self):
        files = {file["id"]: file for file in args["sources"]["files"]}
        self.originals = {one["id"]: files[one["copy_of"] or one["id"]] for one in files.values()}
        local = ["Read", "Grep", "Glob"] if args["sources"]["folders"] else []
        web = ["WebSearch", "WebFetch"] if args["sources"]["web"] else []
        self.full, self.hands = args["mode"] == "full", local + web + args["sources"]["mcp"]
        self.named, self.sources, self.claims = [], {}, []
        self.asked, self.rivals, self.whole = {}, [], True
        self.data = {"title": args["question"], "coverage": [], "errors": [], "notes": []}

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

    async def scope(self, count):
        """Find sides to search from, and the parts that must be answered."""
        phase("Scope")
        item = {"question": args["question"], "angles": count}
        item["folders"] = args["sources"]["folders"]
        plan = (await self.ask("angles", [item], ["the plan"], []))[0]
        angles = list({one["id"]: one for one in plan["angles"]}.values())[:count]
        whole = {"id": "a1", "importance": "high", "question": args["question"], "terms": []}
        return angles or [whole], plan["parts"]

    async def choose(self, found, most):
        """Take the best of every angle in turn, so that none starves; what is left knows why."""
        lists = [await self.shelve(each["results"]) for each in found]
        ranked = [sorted(filter(None, each), key=freshness, reverse=True) for each in lists]
        turns = [each[turn] for turn in range(FOUND["maxItems"]) for each in ranked if each[turn:]]
        new = [one for one in turns if one["state"] == "left out" and one["cause"] is None]
        fresh = list({one["id"]: one for one in new}.values())
        for one in fresh[most:]:
            one["cause"] = f"beyond {most} sources"
        return fresh[:most]

    async def read(self, chosen, angles, parts, most):
        """Let one reader per source say what it claims, word for word."""
        phase("Read")
        about = [take(angle, "id question terms") for angle in angles]
        shared = {"question": args["question"], "angles": about, "parts": parts, "most": most}
        items = [{**shared, "source": take(one, "id path url date kind")} for one in chosen]
        found = await self.ask("read", items, [one["title"] for one in chosen], self.hands)
        for source, told in zip(chosen, found, strict=True):
            state = "failed" if told.get("failed") else "read"
            source |= {"state": state, **take(told, "author funder digest")}
            source["claims"] = [claimed(*one, source, angles) for one in enumerate(told["claims"])]
        return [claim for source in chosen for claim in source.pop("claims")]

    async def gap(self, parts):
        """Look once more, and only once, for what must be answered and no claim answers."""
        phase("Gap")
        item = {"question": args["question"], "parts": parts}
        item["supported"] = [one["text"] for one in self.holding()]
        missing = (await self.ask("critic", [item], ["gaps"], []))[0]["missing"]
        angles = [{"id": f"g{n}", "importance": "high", **one} for n, one in enumerate(missing, 1)]
        chosen = await self.choose(await search(self, "search", angles, {"most": 4}), 4)
        await judge(self, (await self.read(chosen, angles, parts, 4))[:4], 4, 36)

    async def sided(self, claim, verdict):
        """Put what voters quote on the side of their verdict, with the sources that have it."""
        others = [one for one in self.sources.values() if one["id"] not in claim["sources"]]
        rows = [{"id": one["id"], "source": one.get("path") or one.get("digest")} for one in others]
        quotes = dict.fromkeys(verdict["quotes"])
        rows = [{**one, "quote": quote} for one in rows for quote in quotes]
        seen = [{"quote": one["quote"], "source": one["id"]} for one in await standing(rows)]
        if verdict["state"] != "supported":
            return {"against": seen if verdict["state"] in ("qualified", "refuted") else []}
        sources = {*claim["sources"], *(one["source"] for one in seen)}
        return {"quotes": claim["quotes"] + seen, "sources": sorted(sources)}

    async def thorough(self):
        """Search every angle, read the sources chosen, vote, and close gaps once."""
        angles, parts = await self.scope(args.get("angles", 5))
        per, most = args.get("per_angle", 4), args["sources_max"]
        chosen = await self.choose(await search(self, "search", angles, {"most": most}), most)
        await judge(self, await self.read(chosen, angles, parts, per), per, args["max_calls"])
        await self.gap(parts)


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


async def search(work, role, angles, more):
    """Send one searcher per angle, with the names of the files there are."""
    phase("Search")
    work.asked |= {one["id"]: one["question"] for one in angles}
    files = [take(file, "id path name") for file in args["sources"]["files"][:1000]]
    items = [{"question": args["question"], "files": files, "angle": one, **more} for one in angles]
    return await work.ask(role, items, [angle["id"] for angle in angles], work.hands)


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
    lists = [name for name in JOINED.split()[:3] if isinstance(claim.get(name), list)]
    told |= {name: min(claim[name]) for name in lists}
    return {**claim, **told, "sources": sorted({first.get(one, one) for one in claim["sources"]})}


async def standing(rows):
    """Keep the rows whose quote stands in their source; nobody votes."""
    told = await verify(rows, screen=["quote_in_source"], lead=0)
    return [rows[it["index"]] for it in told["verdicts"] if it["cause"] != "quote not in source"]


async def judge(work, claims, quota, most):
    """Screen quotes, join what says the same, vote; every claim is told with what came of it."""
    phase("Verify")
    first = await firsts({one["id"]: one.get("digest") for one in work.sources.values()})
    claims = [settled(claim, first) for claim in claims]
    kept = await standing(claims)
    lost = [one for one in claims if one not in kept]
    options = {"key": "text", "same": args["rubrics"]["same"] if work.full else None}
    options |= {"fields": dict.fromkeys(JOINED.split(), "union"), "untrusted": True}
    joined = work.ended(await merge([take(one, f"text {JOINED}") for one in kept], **options))
    asked = [settled(claim, first) for claim in joined["records"]]
    asked.sort(key=lambda one: (-len(one["sources"]), one["sources"], min(one["turns"])))
    await rivals(work, asked if work.full else [])
    options = {"against": args["rubrics"]["vote"], "lead": 2 if work.full else 1, "group": "angle"}
    options |= {"screen": SCREENS, "max_calls": most, "quota": quota + len(work.rivals)}
    told = work.ended(await verify(asked + lost, untrusted=True, tools=work.hands, **options))
    work.data["errors"] += [{"what": "verdicts", **told["error"]}] if told["calls"] else []
    for claim, verdict in zip(asked + lost, told["verdicts"], strict=True):
        told = take(verdict, "state cause qualification error votes failed")
        told |= {"id": f"c{len(work.claims) + 1}", "group": work.asked.get(claim["angle"])}
        claim |= {**told, **await work.sided(claim, verdict)}
        work.claims.append(claim)


async def rivals(work, claims):
    """Find claims that cannot both be true before anybody votes, so that no quota cuts a side."""
    both = work.holding() + claims
    shown = [{"n": n, **take(one, "text quote date kind")} for n, one in enumerate(both, 1)]
    items = [{"claims": shown}] if claims and len(both) > 1 else []
    told = await work.ask("relation", items, ["conflicts"], [])
    pairs = [sorted((one["a"], one["b"])) for it in told for one in it["opposites"]]
    for a, b in [pair for pair in pairs if 0 < pair[0] < pair[1] <= len(both)]:
        both[a - 1]["importance"] = both[b - 1]["importance"] = "high"
        work.rivals.append([both[a - 1], both[b - 1]])


async def write(work):
    """Let one agent write from what holds, each sentence with its mark; nothing fills a hole."""
    phase("Write")
    said = [{"n": n, **one} for n, one in enumerate(work.holding(), 1)]
    if not said:
        return "", []
    parts = [take(one, "n text state quote source sources qualification date kind") for one in said]
    cite = [take(one, "n quote source") for one in said]
    rows = work.data["coverage"]
    missing = [f"{one['unit']}: {one['cause']}" for row in rows for one in row["missing"]]
    options = {"cite": cite, "missing": missing, "width": 100, "tools": [], "label": "write"}
    told = work.ended(await synthesize(parts, args["rubrics"]["write"], untrusted=True, **options))
    work.data["notes"] += [f"Sentence {n} cites nothing" for n in told["uncited"]]
    cited = [{**one, "claim": own["id"]} for one, own in zip(cite, said, strict=True)]
    return told["answer"] or "", cited


async def quick(work):
    """Let one reader per angle search and read; no second round, no look for conflicts."""
    angles, parts = await work.scope(args.get("angles", 3))
    more, claims = {"angles": angles, "parts": parts, "per_angle": args.get("per_angle", 2)}, []
    for found in await search(work, "search-read", angles, {**more, "most": args["sources_max"]}):
        for source in filter(None, await work.shelve(found["results"])):
            source["state"] = "read"
        rows = [{"id": one.get("source"), "url": one.get("url")} for one in found["claims"]]
        for claim, source in zip(found["claims"], await work.shelve(rows), strict=True):
            if source:
                source |= {"state": "read", **take(claim, "digest")}
                claims.append(claimed(len(claims), claim, source, angles))
    await judge(work, claims, more["per_angle"], args["max_calls"])


async def main():
    work = Research()
    await (work.thorough() if work.full else quick(work))
    report, citations = await write(work)
    sources = list(work.sources.values())
    left = [one["title"] for one in sources if one["state"] == "left out"]
    cut = {"what": "sources", "shown": len(sources) - len(left), "total": len(sources)}
    data = {**work.data, "claims": work.claims, "sources": sources, "citations": citations}
    data["cut"] = [{**cut, "rest": left}] if left else []
    held = [pair for pair in work.rivals if all(one in work.holding() for one in pair)]
    data["conflicts"] = [{"claims": [one["id"] for one in pair]} for pair in held]
    return {"report": report, "data": data, "complete": work.whole}
