"""Around every request: its id, its size, security headers, a log line."""

import logging
import time
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .config import Settings
from .http import begin_request, security_headers

log = logging.getLogger(__name__)


class RequestMiddleware:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path = scope["path"]
        headers = security_headers(
            docs=path == "/docs" or path.startswith("/docs/"),
            production=self.settings.environment == "production",
        )
        sent = Headers(scope=scope)
        headers["X-Request-ID"] = begin_request(sent.get("x-request-id"))
        declared = int(sent.get("content-length", 0))
        received = status = 0
        began = time.perf_counter()

        async def receive_limited() -> Message:
            nonlocal received
            if declared <= self.settings.max_body_bytes:
                message = await receive()
                received += len(message.get("body", b""))
                if received <= self.settings.max_body_bytes:
                    return message
            raise HTTPException(413, "The body is too large.")

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self.app(scope, receive_limited, send_with_headers)
        ms = 1000 * (time.perf_counter() - began)
        log.info("%s %s %d %.1f ms", scope["method"], quote(path), status, ms)
