"""The request that all floors send: the same one as hocket's agents, without their frame."""

from __future__ import annotations

SENTENCES = "Report the one most important finding in two sentences."


def asked(number: int, say: str) -> dict[str, object]:
    """Make the body of a request."""
    prompt = f"id={number}; {say}You review file number {number}. {SENTENCES}"
    messages = [{"role": "user", "content": prompt}]
    return {"model": "standin", "max_tokens": 1024, "messages": messages}
