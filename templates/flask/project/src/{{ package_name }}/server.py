"""gunicorn's threaded worker, with one change: a thread gets a request that is here in whole.

Threads are few. Those who send slowly, stop halfway or never hang up wait in the worker's one
loop instead, where they cost a little memory, for a while.
"""

import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from selectors import EVENT_READ
from socket import SHUT_WR
from typing import Any

from gunicorn.http import get_parser  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

HEAD_SECONDS, HEAD_BYTES = 10, 65536
REQUEST_SECONDS = 60
READ_SECONDS = 10  # for a client to take what its connection has no more room for
READ_AHEAD = 1024  # gunicorn reads at least so much of a body at once
MOST_WAITING = 200  # of more, the one that waits longest has to go

LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)


@dataclass
class Arrival:
    """What has come of a request. Where it ends is all that is asked: gunicorn parses it."""

    until: float
    most: int = 0  # bytes of a body that the application takes
    closing: bool = False  # it was answered: what still comes is of no use
    data: bytearray = field(default_factory=bytearray)
    body: int = 0  # where it begins, once the head is here
    length: int = 0
    chunk: int = 0  # where the next one begins
    chunked: int = 0  # what the chunks until then hold
    expects: bool = False  # that it is asked for its body, by 100 Continue
    asked: bool = False
    whole: bool = False

    def is_ready(self) -> bool:
        """Whether a thread can do all that is to do, without waiting for the client."""
        if not self.body:
            end = self.data.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._read_head(bytes(self.data[: end + 2]))
        if self.chunk:
            return self._follow_chunks()
        self.whole = len(self.data) >= self.body + self.length
        return self.whole or self.length > self.most

    def _read_head(self, head: bytes) -> None:
        self.body = len(head) + 2
        self.until += REQUEST_SECONDS - HEAD_SECONDS
        self.expects = bool(EXPECTS.search(head))
        if CHUNKED.search(head):
            self.chunk = self.body
        elif len(found := LENGTH.findall(head)) == 1:  # two are refused, whatever follows
            self.length = int(found[0])

    def _follow_chunks(self) -> bool:
        while (line := self.data.find(b"\r\n", self.chunk)) >= 0:
            try:
                size = int(self.data[self.chunk : line].partition(b";")[0], 16)
            except ValueError:
                return True
            if size <= 0:
                self.whole = self.data.find(b"\r\n\r\n", line) >= 0
                return self.whole or size < 0
            begin = line + 2
            if self.chunked + min(size, len(self.data) - begin) > self.most + READ_AHEAD:
                return True
            if len(self.data) < begin + size + 2:
                return False
            self.chunked += size
            self.chunk = begin + size + 2
        return False

    def excess(self) -> bytes:
        """The status of what goes on for longer than any request that could be taken."""
        if not self.body:
            too_long = len(self.data) > HEAD_BYTES
            return b"431 Request Header Fields Too Large" if too_long else b""
        return b"413 Content Too Large" if len(self.data) > HEAD_BYTES + 2 * self.most else b""


class Worker(ThreadWorker):  # type: ignore[misc]
    waiting: dict[Any, Arrival]

    def init_process(self) -> None:
        self.waiting = {}
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """gunicorn calls this, in its loop, with a connection that may have a request."""
        most = self.wsgi.config["MAX_CONTENT_LENGTH"]
        arrival = Arrival(time.monotonic() + HEAD_SECONDS, most)
        if conn.parser:  # it may have read on into this request
            arrival.data += conn.parser.unreader.take_buffered()
        conn.sock.setblocking(False)
        if (arrival.data and arrival.is_ready()) or self.read(conn, arrival):
            self.hand_over(conn, arrival)
        else:
            self.wait(conn, arrival)
            self.reply_early(conn, arrival)

    def read(self, conn: Any, arrival: Arrival) -> bool:
        """Take what has come, and say whether there is no more to wait for."""
        try:
            data = conn.sock.recv(65536)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if arrival.closing:
            return not data
        arrival.data += data
        return not data or arrival.is_ready()

    def wait(self, conn: Any, arrival: Arrival) -> None:
        if len(self.waiting) >= MOST_WAITING:
            self.drop(next(iter(self.waiting)))
        self.waiting[conn] = arrival
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_readable, conn))

    def on_readable(self, conn: Any, _: object) -> None:
        arrival = self.waiting.get(conn)
        if arrival is None:  # it was dropped a moment ago
            return
        if not self.read(conn, arrival):
            self.reply_early(conn, arrival)
        elif arrival.data:
            self.hand_over(conn, self.forget(conn))
        else:
            self.drop(conn)

    def hand_over(self, conn: Any, arrival: Arrival) -> None:
        # The parser reads memory, not the socket: no thread ever waits for a client to send.
        conn.parser = get_parser(self.cfg, iter([bytes(arrival.data)]), conn.client)
        conn.arrival = arrival
        conn.data_ready = True
        arrival.data.clear()
        super().enqueue_req(conn)

    def reply_early(self, conn: Any, arrival: Arrival) -> None:
        if status := arrival.excess():
            self.give_up(conn, status)
        elif arrival.expects and not arrival.asked and arrival.body == len(arrival.data):
            arrival.asked = True
            self.send(conn, b"HTTP/1.1 100 Continue\r\n\r\n")

    def handle_request(self, req: Any, conn: Any) -> Any:
        if not conn.arrival.whole:  # nobody knows where the next one begins
            req.force_close()
        if conn.arrival.asked:
            req._expected_100_continue = False
        conn.sock.settimeout(READ_SECONDS)
        try:
            return super().handle_request(req, conn)
        except TimeoutError:
            return False

    def finish_request(self, conn: Any, fs: Any) -> None:
        """gunicorn calls this, in its loop, when the thread is done."""
        if fs.cancelled() or fs.result():
            super().finish_request(conn, fs)
        else:
            self.linger(conn)

    def linger(self, conn: Any) -> None:
        """Close in two steps: a client that is still sending would miss its answer."""
        with suppress(OSError):
            conn.sock.shutdown(SHUT_WR)
        conn.sock.setblocking(False)
        self.wait(conn, Arrival(time.monotonic() + 2, closing=True))

    def murder_pending(self) -> None:
        """gunicorn calls this, in its loop, at least once in a second."""
        now = time.monotonic()
        for conn, arrival in list(self.waiting.items()):
            if not self.alive and not arrival.data:
                arrival.until = min(arrival.until, now + 0.5)
            if now > arrival.until:
                self.give_up(conn, b"408 Request Timeout")

    def give_up(self, conn: Any, status: bytes) -> None:
        if not self.waiting[conn].data:  # it has said nothing, or it has its answer
            self.drop(conn)
            return
        end = b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        self.send(conn, b"HTTP/1.1 " + status + end)
        self.forget(conn)
        self.linger(conn)

    def send(self, conn: Any, data: bytes) -> None:
        with suppress(OSError):
            conn.sock.send(data)

    def forget(self, conn: Any) -> Arrival:
        self.poller.unregister(conn.sock)
        return self.waiting.pop(conn)

    def drop(self, conn: Any) -> None:
        self.forget(conn)
        self.nr_conns -= 1
        conn.close()
