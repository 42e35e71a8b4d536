"""The bench `agents`: what hocket costs with real agents over HTTP, beside what others cost."""

from __future__ import annotations

import w1_agents
import w3_pipeline
import w4_over_http
import w5_over_http
import w9_cost

WORKLOADS = {
    "W1": w1_agents.measure,
    "W3": w3_pipeline.measure,
    "W4": w4_over_http.measure,
    "W5": w5_over_http.measure,
    "W9": w9_cost.measure,
}
