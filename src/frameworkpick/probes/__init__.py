"""Proves a generated project: its own server, probed over real sockets, and its own checks.

Nothing here touches the project itself: :mod:`.sandbox` makes a copy, and every other module works
on that copy.
"""

from .result import GROUPS, ProbeResult, Status, VerifyResult

__all__ = ["GROUPS", "ProbeResult", "Status", "VerifyResult"]
