# mypy: ignore-errors
# (runs in an environment of its own, which has the framework)
"""Six endpoints, as plain as FastAPI has them."""

import asyncio
import time
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.get("/json")
async def trivial() -> dict[str, str]:
    """Answer at once."""
    return {"hello": "world"}


@app.get("/wait")
async def wait() -> dict[str, str]:
    """Wait 200 ms for something else, with await."""
    await asyncio.sleep(0.2)
    return {"hello": "world"}


@app.get("/wait-in-thread")
def wait_in_thread() -> dict[str, str]:
    """Wait 200 ms in a blocking call, in the thread pool."""
    time.sleep(0.2)
    return {"hello": "world"}


@app.get("/block-the-loop")
async def block_the_loop() -> dict[str, str]:
    """Wait 200 ms in a blocking call, where it must not be."""
    time.sleep(0.2)  # noqa: ASYNC251 (the mistake that is measured)
    return {"hello": "world"}


@app.get("/compute")
def compute() -> dict[str, int]:
    """Keep the processor busy."""
    return {"sum": sum(n * n for n in range(100_000))}


@app.get("/stream")
async def stream() -> StreamingResponse:
    """Send an event now, and keep the connection open."""

    async def events() -> AsyncIterator[str]:
        yield "data: first\n\n"
        await asyncio.sleep(30)

    return StreamingResponse(events(), media_type="text/event-stream")
