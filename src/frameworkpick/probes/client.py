"""A small HTTP client that keeps what was asked and answered, for evidence."""

from __future__ import annotations

import contextlib
import http.client
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Seconds to wait for one answer.
TIMEOUT = 20.0
#: Characters of a body shown as evidence.
SHOWN = 800


class ProbeFailed(Exception):  # noqa: N818 (a finding, not a fault of ours)
    """The project does not do what the probe asks; the message is the evidence."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of the server."""

    request: str  #: What was asked: method and path.
    status: int  #: The status code.
    #: The headers as sent; names compare without case through :meth:`header`.
    headers: tuple[tuple[str, str], ...]
    body: bytes  #: The whole body.

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or ``None``."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    def json(self) -> Any:
        """Return the body as JSON; a body that is none fails the probe."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise ProbeFailed(f"The body is not JSON.\n\n{self}") from None

    def mapping(self) -> dict[str, Any]:
        """Return the body as a JSON object; anything else fails the probe."""
        data = self.json()
        if not isinstance(data, dict):
            raise ProbeFailed(f"The body is not a JSON object.\n\n{self}")
        return data

    def expect(self, status: int) -> Response:
        """Return the answer itself if it has this status; another one fails the probe."""
        if self.status != status:
            raise ProbeFailed(f"Expected {status}, got {self.status}.\n\n{self}")
        return self

    def must(self, condition: object, sentence: str) -> None:
        """Fail the probe with a sentence and this answer unless the condition holds."""
        if not condition:
            raise ProbeFailed(f"{sentence}\n\n{self}")

    def __str__(self) -> str:
        text = self.body.decode("utf-8", "replace")
        shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"
        lines = [f"{self.request} -> {self.status}", *(f"{k}: {v}" for k, v in self.headers)]
        return "\n".join([*lines, "", shown]).rstrip()


@dataclass(frozen=True, slots=True)
class Client:
    """Sends each request over a new connection to the server on the loopback address."""

    port: int  #: Port of the server on 127.0.0.1.
    timeout: float = TIMEOUT  #: Seconds to wait for one answer.

    def request(
        self,
        method: str,
        path: str,
        *,
        json_body: object = None,
        form: Mapping[str, str] | None = None,
        body: bytes | Iterable[bytes] | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request and read the whole answer.

        Args:
            method: The HTTP method.
            path: The path with its query.
            json_body: Data to send as JSON.
            form: Data to send as a form.
            body: Raw bytes; an iterable of them is sent chunked.
            token: Bearer token.
            headers: More headers; they win over those set here.

        Raises:
            ProbeFailed: The server did not answer.
        """
        sent: dict[str, str] = {"Accept": "*/*"}
        if json_body is not None:
            body = json.dumps(json_body).encode()
            sent["Content-Type"] = "application/json"
        if form is not None:
            body = urlencode(form).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        sent.update(headers or {})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            # A server may answer, and close, before it has read the whole body.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException) as error:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            raise ProbeFailed(f"{method} {path}: the server did not answer ({reason}).") from error
        finally:
            connection.close()
        return Response(f"{method} {path}", answer.status, tuple(answer.getheaders()), data)

    def get(
        self, path: str, *, token: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Send a GET request."""
        return self.request("GET", path, token=token, headers=headers)
