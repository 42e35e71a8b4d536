"""A stand-in for model servers: the Messages wire and chat completions, faithful and steerable."""

from __future__ import annotations

from hocket.testing.standin.asked import Asked
from hocket.testing.standin.directives import read as orders
from hocket.testing.standin.models import MODELS, Model
from hocket.testing.standin.replies import Answered, Fault, Raw, Reply, Said, Thought, Used
from hocket.testing.standin.rules import Rule, rules_of
from hocket.testing.standin.server import StandIn
from hocket.testing.standin.serving import serving

__all__ = [
    "MODELS",
    "Answered",
    "Asked",
    "Fault",
    "Model",
    "Raw",
    "Reply",
    "Rule",
    "Said",
    "StandIn",
    "Thought",
    "Used",
    "orders",
    "rules_of",
    "serving",
]
