"""List-items throughput of the generated applications, against bare ones doing the same work.

The same work: read a JWT, look the user up, count, read the 20 newest rows from SQLite, answer
through Pydantic. Both run under the framework's production command on one core, on one database;
the load comes from another core. Needs uv and the network, once, to install the projects.

Run it with the Python that frameworkpick is installed for: ``python benchmarks/throughput.py``.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import catalog
from frameworkpick.probes import accounts, sandbox, server, setup
from frameworkpick.probes.client import Client
from frameworkpick.probes.visit import API, Person, Visit

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.load import requests_per_second
from benchmarks.ratios import Ratio, alternate, print_table, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BARE = Path(__file__).parent / "bare"
PACKAGE = "my_service"
#: The servers and options that the generated projects choose by themselves.
BARE_COMMAND = {
    "fastapi": (
        "uvicorn",
        "--factory",
        "fastapi_app:create_app",
        "--port",
        "{port}",
        "--no-proxy-headers",
    ),
    "flask": (
        *("gunicorn", "flask_app:create_app()", "--bind", "{host}:{port}", "--keep-alive", "1"),
        *("--worker-class", "gthread", "--threads", "8", "--no-control-socket"),
    ),
}
ITEMS = 50
PATH = f"{API}/items"


@dataclass(frozen=True, slots=True)
class Bench:
    """A generated, installed and migrated project, and how it is served."""

    box: sandbox.Sandbox
    command: tuple[str, ...]
    settings: Mapping[str, str]


def prepare(framework: str, folder: Path) -> Bench:
    """Generate a project, install it and apply its migrations."""
    tool = str(Path(sysconfig.get_path("scripts"), "frameworkpick"))
    flags = ["-y", "--framework", framework, "--no-git", "--install", "--quiet"]
    seconds([tool, "new", "my-service", "-o", str(folder), *flags])
    box = sandbox.Sandbox(folder, folder / "my-service", PACKAGE, {})
    environment = sandbox.clean_environment(os.environ, box.programs)
    environment["PYTHONPATH"] = str(BARE)
    settings = {
        **sandbox.production_settings(f"sqlite:///{folder / 'bench.db'}"),
        "APP_SECRET_KEY": secrets.token_urlsafe(48),
        "APP_ACCESS_TOKEN_SECONDS": "86400",
        "BARE_ISSUER": PACKAGE,
    }
    box = sandbox.Sandbox(folder, box.project, PACKAGE, environment)
    migrated = setup.run_check(box, setup.MIGRATE, settings=settings)
    if not migrated.passed:
        sys.exit(migrated.evidence)
    known = catalog.load_knowledge().framework(framework)
    if known is None:
        sys.exit(f"There is no framework {framework}.")
    return Bench(box, known.serve.command, settings)


def cores() -> set[int]:
    """Return the cores this process may run on; none where the system does not say."""
    return set(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else set()


def pin(wanted: set[int]) -> set[int]:
    """Run on these cores from now on, and whatever is started; return those of before."""
    before = cores()
    if before and wanted:
        os.sched_setaffinity(0, wanted)
    return before


@contextlib.contextmanager
def served(bench: Bench, command: tuple[str, ...], name: str) -> Iterator[int]:
    """Serve an application on the first core; give its port."""
    ours = pin({0})
    running = server.launch(bench.box, command, bench.settings, name=name)
    pin(ours)
    try:
        started = server.wait_until_up(running)
        if not started.passed:
            sys.exit(started.evidence)
        yield running.port
    finally:
        running.process.stop(5.0)


def fill(port: int) -> str:
    """Register a user who owns some items; return an access token."""
    visit = Visit(Client(port), accounts=True, handlers=frozenset())
    person = Person.new("bench")
    accounts.enter(visit, person)
    for number in range(ITEMS):
        body = {"title": f"Item {number}", "description": "What one would write about it."}
        visit.client.request("POST", PATH, json_body=body, token=person.token).expect(201)
    return str(person.token)


def measure(framework: str, folder: Path, *, rounds: int, duration: int, connections: int) -> Ratio:
    """Load the generated and the bare application in turn."""
    bench = prepare(framework, folder)
    with (
        served(bench, bench.command, "generated") as port,
        served(bench, BARE_COMMAND[framework], "bare") as bare_port,
    ):
        token = fill(port)

        def load(at: int) -> float:
            return requests_per_second(at, PATH, token, connections=connections, seconds=duration)

        values = alternate(lambda: load(port), lambda: load(bare_port), rounds)
    return Ratio(
        f"list items, generated / bare, {framework}", *values, "requests/s", "reach for 0.9"
    )


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=5, help="length of one load")
    parser.add_argument("--connections", type=int, default=16)
    options = parser.parse_args()
    pin(cores() - {0} or {0})
    ratios = []
    for framework in ("fastapi", "flask"):
        with tempfile.TemporaryDirectory() as folder:
            ratio = measure(
                framework,
                Path(folder),
                rounds=options.rounds,
                duration=options.seconds,
                connections=options.connections,
            )
        ratios.append(ratio)
    print_table(ratios, options.rounds)


if __name__ == "__main__":
    main()
