"""A `claude` program for tests: it greets, obeys a plan, and writes down what it was told.

The plan is a list; each message of the user takes the next step. FAKE_PLAN names the file,
FAKE_TOLD the file that gets a line for the arguments and for every message.
"""

from __future__ import annotations

import json
import os
import pathlib
import signal
import sys
import time

PLAN = json.loads(pathlib.Path(os.environ["FAKE_PLAN"]).read_text("utf-8"))
TOLD = pathlib.Path(os.environ["FAKE_TOLD"])


def note(kind, **fields):
    with TOLD.open("a", encoding="utf-8") as told:
        told.write(json.dumps({"kind": kind, **fields}) + "\n")


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def hear():
    line = sys.stdin.readline()
    return json.loads(line) if line else None


def greet(request):
    hooks = request["request"].get("hooks") or {}
    answer = {"commands": [], "hook_on_failure_supported": PLAN.get("new", True)}
    response = {"subtype": "success", "request_id": request["request_id"], "response": answer}
    say({"type": "control_response", "response": response})
    return [one["hookCallbackIds"][0] for one in hooks.get("PreToolUse", [])]


def result(**more):
    usage = {
        "input_tokens": 10,
        "cache_read_input_tokens": 200,
        "cache_creation_input_tokens": 30,
        "cache_creation": {"ephemeral_1h_input_tokens": 10},
        "output_tokens": 5,
    }
    given = {"subtype": "success", "is_error": False, "result": "done", "total_cost_usd": 0.01}
    fixed = {"duration_ms": 1, "duration_api_ms": 1, "num_turns": 1, "session_id": "s"}
    say({"type": "result", "usage": usage, **fixed, **given, **more})


def use(hook, number, name, given):
    """Wish for a tool as the real one does: told first, then asked for, then done."""
    block = {"type": "tool_use", "id": f"use_{number}", "name": name, "input": given}
    say({"type": "assistant", "message": {"role": "assistant", "model": "m", "content": [block]}})
    asked = {"hook_event_name": "PreToolUse", "tool_name": name, "tool_input": given}
    request = {
        "subtype": "hook_callback",
        "callback_id": hook,
        "input": asked,
        "tool_use_id": f"use_{number}",
    }
    say({"type": "control_request", "request_id": f"r{number}", "request": request})
    answer = hear()["response"]
    said = answer.get("response", {}).get("hookSpecificOutput", {"failed": answer.get("error")})
    note("judged", tool=name, **said)
    block = {"type": "tool_result", "tool_use_id": f"use_{number}", "content": "ok"}
    say({"type": "user", "message": {"role": "user", "content": [block]}})


def step(hooks, plan):
    for number, (name, given) in enumerate(plan.get("uses", [])):
        use(hooks[0], number, name, given)
    if "raw" in plan:
        sys.stdout.write(plan["raw"] + "\n")
        sys.stdout.flush()
    if "exit" in plan:
        os._exit(plan["exit"])
    if plan.get("hang") == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)
    elif plan.get("hang"):
        sys.exit(len(sys.stdin.read()))
    result(**plan.get("result", {}))


def main():
    env = {
        n: os.environ.get(n) for n in ("HOME", "HOCKET_CALL", "OPENAI_API_KEY", "ANTHROPIC_API_KEY")
    }
    note("started", argv=sys.argv[1:], cwd=str(pathlib.Path.cwd()), pid=os.getpid(), env=env)
    if "before" in PLAN:
        sys.stdout.write(PLAN["before"] + "\n")
        sys.stdout.flush()
    if PLAN.get("deaf"):
        sys.exit(len(sys.stdin.read()))
    if "exit" in PLAN:
        os._exit(PLAN["exit"])
    hooks, steps = [], iter(PLAN["steps"])
    while (message := hear()) is not None:
        if message["type"] == "control_request":
            hooks = greet(message)
            continue
        if message["type"] != "user":
            continue
        note("user", text=message["message"]["content"], composed=message.get("client_composed"))
        version = PLAN.get("version", "2.1.330")
        say(
            {"type": "system", "subtype": "init", "session_id": "s", "claude_code_version": version}
        )
        step(hooks, next(steps))


main()
