"""uvicorn's protocol, with limits on what a slow or an endless request may cost."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_SECONDS, HEAD_BYTES, HEAD_FIELDS = 10, 65536, 100
REQUEST_SECONDS = 60
READ_SECONDS = 10  # for a client to take what its connection has no more room for
MOST_WAITING = 200  # of more, the one that waits longest has to go


class Protocol(HttpToolsProtocol):
    waiting: ClassVar[dict[Protocol, None]] = {}  # for the rest of a request, the oldest first
    timer: asyncio.TimerHandle | None = None
    stalled: asyncio.TimerHandle | None = None
    whole = False  # the request that came last
    unseen = 0  # bytes since the last that the application will see

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.wait()

    def data_received(self, data: bytes) -> None:
        self.whole = False
        self.unseen += len(data)
        super().data_received(data)
        if self.unseen > HEAD_BYTES:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif not (self.whole or self.timer):  # most come in one piece, and need no timer
            self.wait()

    def on_headers_complete(self) -> None:
        if len(self.headers) > HEAD_FIELDS:
            raise ValueError("too many headers")  # uvicorn answers with 400
        self.unseen = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.unseen = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.unseen = 0
        self.whole = True
        self.stop_waiting()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self.stop_waiting()
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        self.stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def wait(self) -> None:
        if len(self.waiting) >= MOST_WAITING:
            oldest = next(iter(self.waiting))
            oldest.stop_waiting()
            oldest.transport.abort()
        self.waiting[self] = None
        more = REQUEST_SECONDS - HEAD_SECONDS
        self.timer = self.loop.call_later(HEAD_SECONDS, self.on_timeout, more)

    def stop_waiting(self) -> None:
        self.waiting.pop(self, None)
        if self.timer:
            self.timer.cancel()
            self.timer = None

    def on_timeout(self, more: float) -> None:
        if more and self.cycle and self.cycle.more_body:  # the head is here, and the body begun
            self.timer = self.loop.call_later(more, self.on_timeout, 0)
        else:
            self.refuse(HTTPStatus.REQUEST_TIMEOUT)

    def refuse(self, status: HTTPStatus) -> None:
        answering = self.cycle and self.cycle.response_started and not self.cycle.response_complete
        if (self.unseen or self.cycle) and not answering and not self.transport.is_closing():
            end = b"connection: close\r\ncontent-length: 0\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + end)
        self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.stalled = self.loop.call_later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.stalled:
            self.stalled.cancel()
            self.stalled = None
