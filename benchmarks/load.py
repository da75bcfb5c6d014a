"""A small load of GET requests: few kept connections, a few seconds, loopback only."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import time


def requests_per_second(
    port: int, path: str, token: str, *, connections: int, seconds: int
) -> float:
    """Load a server on 127.0.0.1 and return its throughput; anything but 200 stops the program."""
    if wrk := shutil.which("wrk"):
        return _wrk(wrk, f"http://127.0.0.1:{port}{path}", token, connections, seconds)
    return asyncio.run(_python(port, path, token, connections, seconds))


def _wrk(program: str, url: str, token: str, connections: int, seconds: int) -> float:
    argv = [
        program,
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "-H",
        f"Authorization: Bearer {token}",
    ]
    output = subprocess.run([*argv, url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output:
        sys.exit(f"The server did not answer 200:\n{output}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if found is None:
        sys.exit(f"wrk said something unexpected:\n{output}")
    return float(found[1])


async def _python(port: int, path: str, token: str, connections: int, seconds: int) -> float:
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"
    ).encode()
    end = time.perf_counter() + seconds
    counts = await asyncio.gather(*(_client(port, request, end) for _ in range(connections)))
    return sum(counts) / seconds


async def _client(port: int, request: bytes, end: float) -> int:
    count = 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < end:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200"):
            sys.exit(f"The server did not answer 200:\n{head.decode()}")
        found = re.search(rb"content-length: (\d+)", head)
        if found is None:
            sys.exit(f"The answer has no length:\n{head.decode()}")
        await reader.readexactly(int(found[1]))
        count += 1
        if b"connection: close" in head:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    return count
