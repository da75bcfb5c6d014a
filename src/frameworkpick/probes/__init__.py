"""Proves a generated project: its server, image and services, probed over real sockets.

Nothing here touches the project itself: :mod:`.sandbox` makes a copy, and every other module works
on that copy.
"""

from .result import GROUPS, PLACES, ProbeResult, Status, VerifyResult

__all__ = ["GROUPS", "PLACES", "ProbeResult", "Status", "VerifyResult"]
