"""Words from outside: sealed before a script hears of them, opened where they may be read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from hocket.api.approval import Use
from hocket.api.calls import EndState, Options, Outcome
from hocket.api.markers import hookimpl
from hocket.api.tools import Effect, Label
from hocket.scripts.python import PythonHost
from hocket.testing import Hang, ScriptedBackend

WORDS = "Attack at dawn."
READ = {"read": WORDS}
WEB = Label(outside=True, sources=frozenset({"news.example"}))


def journal(outcome):
    return (outcome.folder / "journal.jsonl").read_text("utf-8")


def test_a_script_holds_a_handle_and_a_person_reads_the_text(theatre):
    body = """
        text = await agent("read", untrusted=True)
        return {"seen": "dawn" in text, "said": f"It says: {text}", "long": len(text)}
        """

    outcome = theatre.play(body, READ)

    assert outcome.result == {"seen": False, "said": f"It says: {WORDS}", "long": 30}
    assert outcome.report["outside"] == {"/said": ["prompt"]}


def test_no_word_from_outside_is_in_the_journal_before_its_end(theatre):
    body = """
        text = await agent("read", untrusted=True)
        short = {"type": "object", "properties": {"is": {"type": "boolean"}}}
        return await agent(f"Is it short? {text}", schema=short)
        """

    outcome = theatre.play(body, {"Is it short?": {"is": True}, **READ})

    assert outcome.result == {"is": True}
    assert "dawn" not in journal(outcome)
    assert "dawn" in outcome.prompts[1]


def test_only_what_may_be_read_by_value_is(theatre):
    schema = {
        "type": "object",
        "properties": {"bad": {"type": "boolean"}, "why": {"type": "string"}},
        "required": ["bad", "why"],
    }
    body = f"""
        found = await agent("read", untrusted=True, schema={schema})
        return [found["bad"], "dawn" in found["why"]]
        """

    assert theatre.play(body, {"read": {"bad": True, "why": WORDS}}).result == [True, False]


def test_a_reader_gets_it_as_data_and_is_a_reader_by_that(theatre):
    agents = ScriptedBackend({"Sum up": "Short.", "read": WORDS})
    body = """
        text = await agent("read", untrusted=True)
        summary = await agent(f"Sum up {text} in a word.")
        return "Short" in summary
        """

    outcome = theatre.play(body, agents)

    assert outcome.result is False
    first, *rest = agents.calls[1].splitlines()
    assert WORDS not in first
    assert any(line.endswith(WORDS) and not line.startswith(WORDS) for line in rest)


def test_what_a_backend_saw_counts_too(theatre):
    read = Outcome(EndState.OK, WORDS, label=WEB)

    outcome = theatre.play("return await agent('read')", {"read": read})

    assert (outcome.result, outcome.report["outside"]) == (WORDS, {"": ["news.example"]})


@dataclass
class Lingers:
    """An agent that reads, offers an answer that does not fit, and is never heard of again."""

    async def obey(self, _call, context):
        context.reads(WEB)
        await context.submit({"text": [WORDS]})
        return Hang()


def test_what_is_kept_of_a_call_that_timed_out_is_sealed(theatre):
    body = """
        shape = {"type": "object", "properties": {"text": {"type": "string"}}}
        told = await attempt("x", schema=shape, timeout=5)
        return ["dawn" in str(told), told["state"], told["partial"]]
        """

    outcome = theatre.play(body, {"x": Lingers()})

    assert outcome.result == [False, "timeout", {"text": [WORDS]}]


class Twice:
    """A stage that asks twice, and hands on what the first try said without its label."""

    name, position = "twice", 320

    async def __call__(self, call, proceed):
        first = await proceed(call)
        await proceed(replace(call, options=replace(call.options, model="other")))
        return Outcome(EndState.OVER_BUDGET, cause="no more", partial=first.value)


def test_what_any_try_read_counts_whatever_a_stage_makes_of_it(theatre):
    answers = iter([Outcome(EndState.OK, WORDS, label=WEB), Outcome(EndState.OK, "clean")])
    body = """
        told = await attempt("x")
        return ["dawn" in str(told), told["state"], told["partial"]]
        """

    outcome = theatre.play(body, {"x": lambda _call: next(answers)}, offers={"stages": [Twice()]})

    assert outcome.result == [False, "over_budget", WORDS]


def test_a_resume_gives_the_same_handles_and_buys_nothing_twice(theatre):
    body = """
        text = await agent("read", untrusted=True)
        log(text)
        return [await agent(f"Sum up {text}"), await agent("later")]
        """
    before = theatre.play(body, {"Sum up": "Short.", **READ, "later": Outcome(EndState.ERROR)})
    agents = ScriptedBackend({"later": "done"})

    after = theatre.again(before, agents)

    assert agents.calls == ["later"]
    assert after.result == ["Short.", "done"]
    assert [line for line in before.log if "⟦" in line] == [
        line for line in after.log if "⟦" in line
    ]


def test_in_a_key_a_handle_is_its_content(theatre):
    body = """
        a = await agent("read", untrusted=True, label="a")
        b = await agent("read again", untrusted=True)
        return [a == b, await agent(f"Sum up {a}"), await agent(f"Sum up {b}")]
        """
    same = theatre.play(body, {"": WORDS})
    other = theatre.play(body, {"": "x", "read again": "y"})

    def keys(outcome):
        lines = [line for line in journal(outcome).splitlines() if '"Sum up' in line]
        return {line.partition('"key":"')[2][:64] for line in lines}

    assert (same.result[0], other.result[0]) == (True, False)
    assert (len(keys(same)), len(keys(other))) == (1, 2)


@pytest.mark.parametrize(
    "option",
    [
        'schema={"type": "object", "title": text}',
        "model=text",
        "effort=text",
        "agent_type=text",
        "tools=[text]",
        "disallowed_tools=[text]",
        "isolation=text",
        "inputs=[text]",
        "check=text",
    ],
)
def test_it_decides_nothing_about_an_agent(theatre, option):
    body = f"""
        text = await agent("read", untrusted=True)
        try:
            await agent("x", {option})
        except TypeError as wrong:
            return str(wrong)
        """

    name = option.partition("=")[0]
    assert theatre.play(body, READ).result.startswith(f"agent({name}): holds a handle")


def test_partials_and_records_of_attempts_are_sealed_as_well(theatre):
    cut = Outcome(EndState.OVER_CAP, cause="turns", partial=WORDS)
    body = """
        told = await attempt("read", untrusted=True)
        return ["dawn" in str(told), told["state"], told["partial"]]
        """

    assert theatre.play(body, {"read": cut}).result == [False, "over_cap", WORDS]


@dataclass
class Spawns:
    """An agent that has another one read, and tells what it got."""

    got: list[Outcome] = field(default_factory=list)

    async def obey(self, _call, context):
        self.got.append(await context.spawn("read", Options(untrusted=True)))
        return replace(self.got[-1], state=EndState.OK)


def test_an_agent_reads_what_its_own_agent_read_and_the_script_does_not(theatre):
    asks = Spawns()
    body = """
        mine = await agent("ask")
        theirs = await agent("read", untrusted=True)
        return ["dawn" in mine, "dawn" in theirs]
        """

    outcome = theatre.play(body, {**READ, "ask": asks})

    assert (asks.got[0].value, asks.got[0].label.outside) == (WORDS, True)
    assert outcome.result == [False, False]


def test_a_child_workflow_hands_its_handles_on_now_and_on_a_resume(theatre):
    theatre.save("kid", "return {'text': await agent('read', untrusted=True)}")
    body = """
        text = (await workflow("kid"))["text"]
        log("dawn" in text)
        return [await agent(f"Sum up {text}"), await agent("later")]
        """
    before = theatre.play(body, {"Sum up": "x", **READ, "later": Outcome(EndState.ERROR)})
    edited = body.replace("Sum up", "Weigh")
    agents = ScriptedBackend({"Weigh": "y", "later": "done"})

    after = theatre.again(before, agents, body=edited)

    assert "false" in after.log
    assert WORDS in agents.calls[0]
    assert after.result == ["y", "done"]


def test_what_a_handle_stood_for_can_be_lost_and_that_is_said(theatre):
    body = """
        text = await agent("read", untrusted=True)
        await agent("later")
        return text
        """
    before = theatre.play(body, {**READ, "later": Outcome(EndState.ERROR)})
    for artifact in (before.folder / "artifacts").iterdir():
        artifact.unlink()

    after = theatre.again(before, {"later": "x"})

    assert (after.status, after.result) == ("completed", "[text is lost]")


class Revealed:
    """How a run goes after its script saw words from outside."""

    BODY = """
        text = await reveal(await agent("read", untrusted=True))
        log(text)
        return [text, (await attempt("write", tools=["Edit"]))["state"]]
        """
    AGENTS = {"read": WORDS, "write": "done"}


def test_reveal_gives_the_text_and_taints_the_run(theatre):
    outcome = theatre.play(Revealed.BODY, Revealed.AGENTS)

    assert outcome.result == [WORDS, "refused"]
    assert '"what":"tainted"' in journal(outcome)
    assert any(line.endswith("(by reveal())") for line in outcome.log)
    assert any("a person decides" in note for note in outcome.report["notes"])


def test_other_text_comes_back_from_reveal_as_it_is(theatre):
    body = "return [await reveal('plain'), (await attempt('write', tools=['Edit']))['state']]"

    assert theatre.play(body, Revealed.AGENTS).result == ["plain", "ok"]


def test_the_taint_lasts_over_a_resume_of_another_script(theatre):
    before = theatre.play(Revealed.BODY, Revealed.AGENTS)

    after = theatre.again(
        before, Revealed.AGENTS, body="return (await attempt('write', tools=['Edit']))['state']"
    )

    assert after.result == "refused"


@dataclass
class Person:
    """Somebody who always says the same, and remembers what was shown."""

    says: str
    shown: list[str] = field(default_factory=list)

    async def answer(self, question):
        self.shown.append(question.text)
        return self.says


HANDED = """
    text = await agent("read", untrusted=True)
    return await attempt(f"Send this on: {text}", tools=["Edit"])
    """


def test_who_acts_gets_it_only_if_a_person_saw_the_very_prompt(theatre):
    agents = ScriptedBackend({"Send this on": "sent", "read": WORDS})
    person = Person("allow")

    outcome = theatre.play(HANDED, agents, approver=person)

    assert outcome.result["state"] == "ok"
    (shown,) = person.shown
    assert shown.endswith(agents.calls[1])
    assert WORDS in shown


@pytest.mark.parametrize(
    ("person", "why"),
    [(Person("deny"), "a person said no"), (None, "nobody is here to allow it")],
)
def test_else_it_is_refused_and_the_log_of_decisions_says_so(theatre, person, why):
    agents = ScriptedBackend({"Send": "sent", "read": WORDS})

    outcome = theatre.play(HANDED, agents, approver=person)

    assert outcome.result["state"] == "refused"
    assert outcome.result["cause"].endswith(why)
    assert len(agents.calls) == 1
    (line,) = [line for line in journal(outcome).splitlines() if '"decided"' in line]
    assert '"verdict":"deny"' in line
    assert why in line


SENDS = Use("Mail", "Mail(x)", frozenset({Effect.OUTSIDE_EFFECT}), {"to": "x"})


@dataclass
class Sends:
    """An agent with rights that gets a reply it must not read, and hands it on."""

    async def obey(self, _call, context):
        return f"Sent; they say {context.withhold(WORDS, WEB)}"


def test_who_acts_hands_on_what_it_never_read_now_and_on_a_resume(theatre):
    body = """
        said = await agent("send", tools=["Edit"])
        await agent("later")
        return ["dawn" in said, said]
        """
    before = theatre.play(body, {"send": Sends(), "later": Outcome(EndState.ERROR)})

    after = theatre.again(before, {"later": "x"})

    assert before.result == after.result == [False, f"Sent; they say {WORDS}"]


@dataclass
class Wants:
    """An agent that wants to use a tool after it read this or that."""

    label: Label

    async def obey(self, _call, context):
        return (await context.decide(replace(SENDS, label=self.label))).verdict.name


def test_every_decision_about_a_use_is_in_the_journal(theatre):
    outcome = theatre.play("return await agent('x')", {"x": Wants(WEB)})

    (line,) = [line for line in journal(outcome).splitlines() if '"decided"' in line]
    for part in ('"tool":"Mail"', '"shown":"Mail(x)"', '"by":"policy"', '"news.example"'):
        assert part in line


class ByValue(PythonHost):
    """A language whose scripts get everything by value, as those of the original do."""

    language, suffixes, by_value = "value", (".pyv",), True

    def read(self, source, path):
        return replace(super().read(source, path), language="value")


class Language:
    """A plugin that brings it."""

    @hookimpl
    def hocket_register_script_hosts(self):
        return [ByValue()]


def test_a_script_that_gets_all_by_value_taints_the_run_with_its_first_reader(theatre):
    kid = theatre.project / ".hocket" / "workflows" / "kid.pyv"
    kid.parent.mkdir(parents=True, exist_ok=True)
    body = """
        before = (await attempt("write", tools=["Edit"]))["state"]
        text = await agent("read", untrusted=True)
        after = (await attempt("write again", tools=["Edit"]))["state"]
        return [before, "dawn" in text, after]
        """
    kid.write_text(theatre.source(body, name="kid"), "utf-8")
    plugins = {"testing.language": Language()}

    outcome = theatre.play("return await workflow('kid')", Revealed.AGENTS, plugins=plugins)

    assert outcome.result == ["ok", True, "refused"]


def test_a_record_by_value_is_revealed_as_a_whole(theatre):
    kid = theatre.project / ".hocket" / "workflows" / "kid.pyv"
    kid.parent.mkdir(parents=True, exist_ok=True)
    body = "return 'dawn' in (await attempt('read', untrusted=True))['value']"
    kid.write_text(theatre.source(body, name="kid"), "utf-8")

    plugins = {"testing.language": Language()}
    outcome = theatre.play("return await workflow('kid')", READ, plugins=plugins)

    assert outcome.result is True


def test_without_a_stage_that_seals_all_is_open(theatre, quarantine_off):
    body = """
        text = await agent("read", untrusted=True)
        return ["dawn" in text, await reveal(text), (await attempt("w", tools=["Edit"]))["state"]]
        """

    assert theatre.play(body, {**READ, "w": "x"}).result == [True, WORDS, "ok"]
