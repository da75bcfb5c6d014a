"""Around every request: its id, its size, security headers, a log line, and the last resort."""

import logging
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .config import Settings
from .errors import problem
from .http import begin_request, security_headers

log = logging.getLogger(__name__)


class RequestMiddleware:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.max_body_bytes = settings.max_body_bytes
        production = settings.environment == "production"
        self.api_headers = _encode(security_headers(docs=False, production=production))
        self.docs_headers = _encode(security_headers(docs=True, production=production))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        in_docs = path == "/docs" or path.startswith("/docs/")
        request_id = begin_request(Headers(scope=scope).get("x-request-id"))
        headers = [*(self.docs_headers if in_docs else self.api_headers)]
        headers.append((b"x-request-id", request_id.encode()))
        received = status = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_body_bytes:
                raise HTTPException(413, "The body is too large.")
            return message

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        try:
            await self.app(scope, receive_limited, send_with_headers)
        except Exception:
            if status:
                raise
            log.exception("Unhandled error")
            answer = problem(500, "Something went wrong on our side.")
            await answer(scope, receive, send_with_headers)
        log.info("%s %s %d", scope["method"], quote(path), status)


def _encode(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
