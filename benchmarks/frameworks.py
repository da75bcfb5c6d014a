"""What the two frameworks do under load, on their production servers: the numbers we cite.

Every case runs on one core, the clients on another, over loopback, for a few seconds. Prints a
table, and writes a dated data file with ``--write``. Needs uv and, once, the network to install.
Numbers are for comparing on one machine, not for planning.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick.process import find_uv

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
PACKAGES = ("fastapi", "uvicorn[standard]", "flask", "gunicorn")
SERVERS = {
    "fastapi": ("uvicorn", "fastapi_app:app", "--log-level", "warning", "--port"),
    "flask, 8 threads": ("gunicorn", "flask_app:app", "--threads", "8", "--bind"),
    "flask, 100 threads": ("gunicorn", "flask_app:app", "--threads", "100", "--bind"),
}
#: Case, path, clients; a path that a server does not have is left out for it.
CASES = (
    ("trivial JSON", "/json", 16),
    ("200 ms wait, 100 clients", "/wait", 100),
    ("200 ms wait, 1,000 clients", "/wait", 1000),
    ("200 ms blocking wait in the thread pool, 100 clients", "/wait-in-thread", 100),
    ("200 ms blocking wait inside async def, 100 clients", "/block-the-loop", 100),
    ("computing, 16 clients", "/compute", 16),
)
STREAMS = 300
ONLY_ASYNC = frozenset({"/wait-in-thread", "/block-the-loop"})


@dataclass(frozen=True, slots=True)
class Measured:
    """One case on one server."""

    case: str  #: What was asked.
    server: str  #: The framework and how it was served.
    value: float  #: Requests a second, or streams that were served.
    unit: str  #: "requests/s" or "of 300 streams".


def install(folder: Path) -> tuple[Path, dict[str, str]]:
    """Install both frameworks; give the programs' folder and the versions."""
    uv = find_uv()
    if uv is None:
        sys.exit("uv was not found.")
    python = folder / "env/bin/python"
    make = [uv, "venv", "-q", "--python", sys.executable, "env"]
    subprocess.run(make, check=True, cwd=folder)
    add = [uv, "pip", "install", "-q", "--python", str(python), *PACKAGES]
    subprocess.run(add, check=True, cwd=folder)
    listed = subprocess.run(
        [uv, "pip", "list", "--python", str(python), "--format", "json"],
        check=True, cwd=folder, capture_output=True, text=True,
    ).stdout  # fmt: skip
    names = {name.partition("[")[0] for name in PACKAGES}
    return python.parent, {
        p["name"]: p["version"] for p in json.loads(listed) if p["name"] in names
    }


@contextlib.contextmanager
def served(programs: Path, server: str, folder: Path) -> Iterator[int]:
    """Serve an application on the first core; give its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program, app, *flags, last = SERVERS[server]
    address = str(port) if program == "uvicorn" else f"127.0.0.1:{port}"
    worker = [] if program == "uvicorn" else ["--worker-class", "gthread", "--no-control-socket"]
    pin = ["taskset", "-c", "0"] if sys.platform == "linux" else []
    with (folder / "server.log").open("wb") as log:
        running = subprocess.Popen(
            [*pin, str(programs / program), app, *worker, *flags, last, address],
            cwd=HERE / "facts", stdout=log, stderr=log,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if time.monotonic() > deadline:
                sys.exit(f"{server} does not answer:\n{(folder / 'server.log').read_text()}")
            time.sleep(0.1)
        yield port
    finally:
        running.terminate()
        try:
            running.wait(5)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


async def throughput(port: int, path: str, clients: int, seconds: float) -> float:
    """Count the answers of so many clients that ask again as soon as they are answered."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    end = time.perf_counter() + seconds
    count = 0

    async def client() -> None:
        nonlocal count
        while time.perf_counter() < end:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    while time.perf_counter() < end:
                        writer.write(request)
                        head = (await reader.readuntil(b"\r\n\r\n")).lower()
                        length = int(head.partition(b"content-length:")[2].split()[0])
                        await reader.readexactly(length)
                        if head.startswith(b"http/1.1 200") and time.perf_counter() < end:
                            count += 1
                        if b"connection: close" in head:
                            break
                finally:
                    writer.close()

    tasks = [asyncio.create_task(client()) for _ in range(clients)]
    await asyncio.sleep(seconds + 1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return count / seconds


async def open_streams(port: int, clients: int, seconds: float) -> float:
    """Count the clients that get a first event while all of them keep their connection open."""
    served = 0

    async def client() -> None:
        nonlocal served
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            await reader.readuntil(b"data: first")
            served += 1
            await asyncio.sleep(60)
        finally:
            writer.close()

    tasks = [asyncio.create_task(client()) for _ in range(clients)]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return float(served)


def measure(programs: Path, folder: Path, seconds: float) -> Iterator[Measured]:
    """Run every case on every server it exists for."""
    for server in SERVERS:
        for case, path, clients in CASES:
            if path in ONLY_ASYNC and server != "fastapi":
                continue
            with served(programs, server, folder) as port:
                asyncio.run(throughput(port, path, 1, 1))  # warms up, and leaves no queue
                value = asyncio.run(throughput(port, path, clients, seconds))
            print(f"{server}: {case}: {value:.0f} requests/s", file=sys.stderr)
            yield Measured(case, server, round(value, 1), "requests/s")
        with served(programs, server, folder) as port:
            value = asyncio.run(open_streams(port, STREAMS, seconds))
        print(f"{server}: {value:.0f} of {STREAMS} streams", file=sys.stderr)
        yield Measured(f"{STREAMS} open event streams", server, value, f"of {STREAMS} streams")


def main() -> None:
    """Measure, print the table, and write the data file if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="length of one case")
    parser.add_argument("--write", action="store_true", help="write benchmarks/results/")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, os.sched_getaffinity(0) - {0} or {0})
    with tempfile.TemporaryDirectory() as place:
        programs, versions = install(Path(place))
        found = list(measure(programs, Path(place), options.seconds))
    print("| case | " + " | ".join(SERVERS) + " |")
    print("| --- |" + " ---: |" * len(SERVERS))
    for case in dict.fromkeys(each.case for each in found):
        values = {each.server: f"{each.value:.0f}" for each in found if each.case == case}
        print(f"| {case} | " + " | ".join(values.get(server, "") for server in SERVERS) + " |")
    if options.write:
        day = time.strftime("%Y-%m-%d")
        path = HERE / "results" / f"frameworks-{day}.json"
        path.parent.mkdir(exist_ok=True)
        data = {
            "date": day,
            "command": f"python benchmarks/frameworks.py --seconds {options.seconds:g} --write",
            "machine": f"{platform.system()}, {os.cpu_count()} cores, the server on one of them",
            "python": platform.python_version(),
            "versions": versions,
            "measured": [asdict(each) for each in found],
        }
        path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
