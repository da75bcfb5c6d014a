"""What the HTTP probes share: the server, the people they play, the questions, the runner."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from .client import Client, ProbeFailed, Response
from .result import ProbeResult, Status, tail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from frameworkpick import process

#: Where the contract mounts its resources.
API = "/api/v1"
PROBLEM = "application/problem+json"


@dataclass(slots=True)
class Person:
    """An account that the probes play."""

    email: str  #: Address, new in every run.
    password: str  #: Password, new in every run.
    #: Access token of the last login; ``None`` before, and always without authentication.
    token: str | None = None
    refresh_token: str | None = None  #: Refresh token of the last login.

    @classmethod
    def new(cls, name: str) -> Person:
        """Return a person nobody has registered yet."""
        return cls(f"{name}-{secrets.token_hex(6)}@example.com", secrets.token_urlsafe(18))


@dataclass(slots=True)
class Visit:
    """The state of one round of HTTP probes; each probe reads what earlier ones left."""

    client: Client  #: Sends the requests.
    accounts: bool  #: Whether the project has accounts.
    #: Names of the functions in the code that answer requests, registered or not.
    handlers: frozenset[str]
    source: str = ""  #: All text of the project's package, to look for a path such as "/docs".
    #: The person who owns the items.
    alice: Person = field(default_factory=lambda: Person.new("alice"))
    bob: Person = field(default_factory=lambda: Person.new("bob"))  #: Another person.
    #: The person whose item must survive a restart.
    keeper: Person = field(default_factory=lambda: Person.new("keeper"))
    openapi: dict[str, Any] | None = None  #: The OpenAPI document once it was read.
    item: str = ""  #: Id of the item created first.
    kept: str = ""  #: Id of the item that must survive a restart.

    def operations(self) -> set[str] | None:
        """Return the operationIds of the OpenAPI document, or ``None`` without a document."""
        if self.openapi is None:
            return None
        return {
            operation["operationId"]
            for path in self.openapi.get("paths", {}).values()
            for operation in path.values()
            if isinstance(operation, dict) and "operationId" in operation
        }

    def removed(self, operation: str) -> bool:
        """Whether the owner took a route out: neither described nor in the code.

        A handler that stands in the code but is not served is a fault, not a decision.
        """
        described = self.operations()
        return operation not in self.handlers and (described is None or operation not in described)


@dataclass(frozen=True, slots=True)
class HttpProbe:
    """One small question to the running server."""

    name: str  #: Name in the pass table.
    group: str  #: Part of the pass table.
    #: Asks the question and returns what it saw; raises ``ProbeFailed``.
    check: Callable[[Visit], str]
    #: operationIds of the routes it needs; one that the owner removed makes it absent.
    operations: tuple[str, ...] = ()
    #: Path looked for in the code when the route is in no OpenAPI document ("/docs").
    path: str = ""
    needs: tuple[str, ...] = ()  #: Probes that must have passed before.
    #: ``True``: only with accounts; ``False``: only without; ``None``: always.
    accounts: bool | None = None


def run_probes(
    probes: Sequence[HttpProbe],
    visit: Visit,
    *,
    log: Callable[[], str],
    progress: Callable[[str], None],
) -> list[ProbeResult]:
    """Ask the questions in order.

    Args:
        probes: The questions; those that do not fit the project's options are left out.
        visit: The state they share.
        log: Returns the text the server has logged since it was last called.
        progress: Told the name of each probe as it begins.
    """
    chosen = [probe for probe in probes if probe.accounts in {None, visit.accounts}]
    results: dict[str, ProbeResult] = {}
    for probe in chosen:
        progress(probe.name)
        log()
        began = time.monotonic()
        # A need that does not belong to this project's options is no hindrance.
        unmet = [name for name in probe.needs if name in results and not results[name].passed]
        status, evidence = _ask(probe, visit, unmet)
        if status is Status.FAILED and (lines := tail(log())):
            evidence += f"\n\nThe server's log:\n{lines}"
        seconds = time.monotonic() - began
        results[probe.name] = ProbeResult(probe.name, probe.group, status, seconds, evidence)
    return list(results.values())


def _ask(probe: HttpProbe, visit: Visit, unmet: Sequence[str]) -> tuple[Status, str]:
    if gone := [name for name in probe.operations if visit.removed(name)]:
        return Status.ABSENT, f"{', '.join(gone)}: neither in the code nor in openapi.json"
    if unmet:
        return Status.SKIPPED, f"needs: {', '.join(unmet)}"
    try:
        unnamed = probe.path and probe.path not in visit.source
        if unnamed and visit.client.get(probe.path).status == HTTPStatus.NOT_FOUND:
            return Status.ABSENT, f"{probe.path}: neither in the code nor served"
        return Status.PASSED, probe.check(visit)
    except ProbeFailed as failure:
        return Status.FAILED, str(failure)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        # An answer of another shape than the contract's is the project's failure, not ours.
        return Status.FAILED, f"The answer has an unexpected shape: {error!r}"


def problem(response: Response, status: int) -> dict[str, Any]:
    """Return the problem body of an error answer; anything but RFC 9457 fails the probe."""
    response.expect(status)
    kind = (response.header("Content-Type") or "").partition(";")[0].strip()
    response.must(kind == PROBLEM, f"Expected {PROBLEM}, got {kind or 'no content type'}.")
    body = response.mapping()
    missing = [key for key in ("type", "title", "status", "detail", "instance") if key not in body]
    response.must(not missing, f"The problem body lacks {', '.join(missing)}.")
    response.must(body["status"] == status, f"The body says status {body['status']}.")
    return body


@dataclass(slots=True)
class Running:
    """A started server."""

    process: process.Server  #: The process.
    port: int  #: Port on 127.0.0.1.
    log: Path  #: File with everything it printed.
    read: int = 0  #: How much of the log was shown already, in bytes.

    def new_log(self) -> str:
        """Return what was logged since the last call."""
        with self.log.open("rb") as stream:
            stream.seek(self.read)
            text = stream.read()
        self.read += len(text)
        return text.decode("utf-8", "replace")

    def failed(self, name: str, group: str, seconds: float, sentence: str) -> ProbeResult:
        """Return a failure with the end of the log."""
        evidence = f"{sentence}\n\nThe server's log:\n{tail(self.new_log())}"
        return ProbeResult(name, group, Status.FAILED, seconds, evidence)


@dataclass(frozen=True, slots=True)
class Questions:
    """What a running server is asked, and what is known about the code it runs."""

    probes: Sequence[HttpProbe]  #: The questions, in their order.
    accounts: bool  #: Whether the project has accounts.
    handlers: frozenset[str]  #: Names of the functions in the code that answer requests.
    source: str  #: All text of the project's package.
    progress: Callable[[str], None]  #: Told each question as it is asked.

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
