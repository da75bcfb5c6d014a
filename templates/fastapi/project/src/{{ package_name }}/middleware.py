"""Around every request: its id, its size, headers for browsers, a log line."""

import logging
import time
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .config import Settings
from .http import begin_request, cors_headers, security_headers

log = logging.getLogger(__name__)


class RequestMiddleware:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path = scope["path"]
        if "//" in path:
            scope["path"] = "//"  # no route has it, while StaticFiles takes it for "/"
        headers = security_headers(
            docs=path == "/docs" or path.startswith("/docs/"),
            production=self.settings.environment == "production",
        )
        sent = Headers(scope=scope)
        headers["X-Request-ID"] = begin_request(sent.get("x-request-id"))
        origin, asks = sent.get("origin"), sent.get("access-control-request-method")
        origins = self.settings.cors_origins
        cors = cors_headers(scope["method"], origin, asks, origins)
        is_preflight = "Access-Control-Allow-Methods" in cors
        app = Response(status_code=204) if is_preflight else self.app
        declared = int(sent.get("content-length", "0")[-20:])  # zeros stand before, or a 400
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
                answered = MutableHeaders(scope=message)
                answered.update(headers | cors)
                if (location := answered.get("location", "")).startswith("/"):
                    answered["location"] = self.settings.root_path + location
                if origins:
                    answered.add_vary_header("Origin")
            await send(message)

        await app(scope, receive_limited, send_with_headers)
        ms = 1000 * (time.perf_counter() - began)
        log.info("%s %s %d %.1f ms", scope["method"], quote(path), status, ms)
