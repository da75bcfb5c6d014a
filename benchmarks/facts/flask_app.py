# mypy: ignore-errors
# (runs in an environment of its own, which has the framework)
"""The same endpoints, as plain as Flask has them."""

import time
from collections.abc import Iterator

from flask import Flask, Response

app = Flask(__name__)


@app.get("/json")
def trivial() -> dict[str, str]:
    """Answer at once."""
    return {"hello": "world"}


@app.get("/wait")
def wait() -> dict[str, str]:
    """Wait 200 ms for something else; the thread waits too."""
    time.sleep(0.2)
    return {"hello": "world"}


@app.get("/compute")
def compute() -> dict[str, int]:
    """Keep the processor busy."""
    return {"sum": sum(n * n for n in range(100_000))}


@app.get("/stream")
def stream() -> Response:
    """Send an event now, and keep the connection open."""

    def events() -> Iterator[str]:
        yield "data: first\n\n"
        time.sleep(30)

    return Response(events(), mimetype="text/event-stream")
