"""Clients that keep a server busy and write down what became of every request.

They speak plain sockets: a client library would retry, and not say how much of an answer came.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from .deployment import PASSWORD, V1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Seconds without a single byte after which a request counts as forgotten.
PATIENCE = 20.0
#: A slow client sends its body in this many pieces, a twentieth of a second apart.
PIECES = 20


@dataclass
class Request:
    """One request and what became of it."""

    method: str
    path: str
    body: bytes = b""
    kind: str = "application/json"
    #: The title of the item it writes, if it writes one.
    title: str | None = None
    #: Whether the connection had carried an answer before.
    reused: bool = False
    #: Set when all of it is sent; for a slow one, when the server asks for the body (100 Continue).
    begun: threading.Event = field(default_factory=threading.Event)
    #: What came back, up to the end of the connection if that came first.
    answer: bytes = b""
    #: When the last byte came.
    ended: float = 0.0

    @property
    def status(self) -> int | None:
        """The status of a complete answer; ``None`` if none or only a part came."""
        head, _, body = self.answer.partition(b"\r\n\r\n")
        lines = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
        headers = {name.lower(): value.strip() for name, _, value in lines}
        length = headers.get(b"content-length")
        if length is None or len(body) < int(length):
            return None
        return int(head.split()[1])

    @property
    def fine(self) -> bool:
        """Whether the whole answer came, and is what such a request gets."""
        return self.status in {200, 201}

    @property
    def closes(self) -> bool:
        """Whether the answer says that it is the last one on its connection."""
        return b"connection: close" in self.answer.partition(b"\r\n\r\n")[0].lower()

    def __str__(self) -> str:
        kept = "kept" if self.reused else "new"
        return f"{self.method} {self.path} ({kept} connection): {self.answer[:200]!r}"


@dataclass
class Load:
    """Clients at work, each in a thread, until the server takes no more connections."""

    url: str
    token: str
    email: str
    requests: list[Request] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def start(self, client: Callable[..., None], *given: Request) -> None:
        thread = threading.Thread(target=client, args=given, daemon=True)
        self.threads.append(thread)
        thread.start()

    def finish(self) -> None:
        """Wait until every client has met the end of the server."""
        for thread in self.threads:
            thread.join(2 * PATIENCE)
            assert not thread.is_alive(), "a client still waits"

    # The clients

    def write_with_new_connections(self) -> None:
        self._until_refused(lambda connection: self._exchange(connection, self.item()))

    def write_and_read_on_one_connection(self) -> None:
        def exchanges(connection: socket.socket) -> None:
            for number in count():
                request = Request("GET", "/health") if number % 2 else self.item()
                request.reused = number > 0
                self._exchange(connection, request)
                if request.status is None or request.closes:
                    return

        self._until_refused(exchanges)

    def log_in(self, request: Request) -> None:
        """Slow for the server: it hashes a password."""
        with closing(self._connect()) as connection:
            self._exchange(connection, request)

    def write_slowly(self, request: Request) -> None:
        """Slow for the network: a body that takes a second to arrive."""
        with closing(self._connect()) as connection:
            self._exchange(connection, request, slowly=True)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Send half of a request, and nothing more within the block."""
        request = self.item(padding=" " * 1000)
        with closing(self._connect()) as connection:
            connection.sendall(self._head(request, "Expect: 100-continue\r\n"))
            self._receive_continue(connection, request)
            connection.sendall(request.body[:500])
            yield

    # What they are made of

    def _until_refused(self, use: Callable[[socket.socket], None]) -> None:
        while True:
            try:
                connection = self._connect()
            except ConnectionError:
                return
            with closing(connection):
                use(connection)

    def _connect(self) -> socket.socket:
        where = urlsplit(self.url)
        return socket.create_connection((where.hostname, where.port), timeout=PATIENCE)

    def login(self) -> Request:
        form = urlencode({"username": self.email, "password": PASSWORD}).encode()
        return Request("POST", f"{V1}/auth/login", form, "application/x-www-form-urlencoded")

    def item(self, padding: str = "") -> Request:
        title = f"item {next(self.numbers)}"
        body = (json.dumps({"title": title}) + padding).encode()
        return Request("POST", f"{V1}/items", body, title=title)

    def _exchange(
        self, connection: socket.socket, request: Request, *, slowly: bool = False
    ) -> None:
        self.requests.append(request)
        with suppress(ConnectionError):  # what came until then stands in the request
            if slowly:
                connection.sendall(self._head(request, "Expect: 100-continue\r\n"))
                self._receive_continue(connection, request)
                size = len(request.body) // PIECES
                for at in range(0, len(request.body), size):
                    time.sleep(0.05)
                    connection.sendall(request.body[at : at + size])
            else:
                connection.sendall(self._head(request) + request.body)
                request.begun.set()
            while request.status is None and (chunk := connection.recv(65536)):
                request.answer += chunk
                request.ended = time.monotonic()

    def _receive_continue(self, connection: socket.socket, request: Request) -> None:
        interim = b""
        while not interim.endswith(b"\r\n\r\n") and (chunk := connection.recv(1)):
            interim += chunk
        assert interim.startswith(b"HTTP/1.1 100 "), interim
        request.begun.set()

    def _head(self, request: Request, extra: str = "") -> bytes:
        return (
            f"{request.method} {request.path} HTTP/1.1\r\nHost: {urlsplit(self.url).netloc}\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: {request.kind}\r\n"
            f"Content-Length: {len(request.body)}\r\n{extra}\r\n"
        ).encode()
