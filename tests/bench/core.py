"""The bench `core`: what hocket costs without any model, on simulated agents."""

from __future__ import annotations

import overshoot
import w4_resume
import w5_text
import w7_agents
import w8_script_host
import w10_start

WORKLOADS = {
    "W4": w4_resume.measure,
    "W5": w5_text.measure,
    "W7": w7_agents.measure,
    "W8": w8_script_host.measure,
    "W10": w10_start.measure,
    "budget": overshoot.measure,
}
