"""The questions of one run, asked wherever a server of the project answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .client import Client
from .visit import HttpProbe, Visit, run_probes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .result import ProbeResult
    from .server import Running


@dataclass(frozen=True, slots=True)
class Questions:
    """What a running server is asked, and what is known about the code it runs."""

    #: The questions, in their order.
    probes: Sequence[HttpProbe]
    #: Whether the project has accounts.
    accounts: bool
    #: Names of the functions in the code that answer requests.
    handlers: frozenset[str]
    #: All text of the project's package.
    source: str
    #: Told each question as it is asked.
    progress: Callable[[str], None]

    def names(self) -> list[tuple[str, str]]:
        """Return name and group of everything that will be asked."""
        return [(p.name, p.group) for p in self.probes if p.accounts in {None, self.accounts}]

    def visit(self, running: Running) -> Visit:
        """Return the state of a new round of questions to a server."""
        return Visit(
            client=Client(running.port),
            accounts=self.accounts,
            handlers=self.handlers,
            source=self.source,
        )

    def ask(
        self,
        running: Running,
        *,
        visit: Visit | None = None,
        probes: Sequence[HttpProbe] | None = None,
    ) -> list[ProbeResult]:
        """Ask a running server.

        Args:
            running: The server.
            visit: What earlier questions have left; a new state when not given.
            probes: Other questions than the usual ones.
        """
        return run_probes(
            self.probes if probes is None else probes,
            visit or self.visit(running),
            log=running.new_log,
            progress=lambda name: self.progress(f"probing: {name}"),
        )
