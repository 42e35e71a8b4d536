"""Reports: what a run found, as Markdown, as a page with the evidence map, and for code hosts."""

from __future__ import annotations

from hocket.launch.reports.account import Account, account
from hocket.launch.reports.failing import worse
from hocket.launch.reports.written import by_rules, written

__all__ = ["Account", "account", "by_rules", "worse", "written"]
