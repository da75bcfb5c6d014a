"""Passwords and tokens. No web framework in here."""

import hashlib
import hmac
import secrets
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Semaphore

import jwt
from argon2 import extract_parameters
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from .config import Settings
from .models import utcnow
from .problems import ApiError
from .throttling import Throttle

ALGORITHM = "HS256"
LEEWAY_SECONDS = 10  # the clocks of two machines differ
PATIENCE_SECONDS = 3  # of a password that waits for its turn to be hashed
APPLICATION = __name__.partition(".")[0]  # issuer and audience of the access tokens
INVALID_TOKEN = (jwt.InvalidTokenError, ValueError, RecursionError)  # what reading it raises


class Unauthorized(ApiError):
    def __init__(self, detail: str, error: str | None = None) -> None:
        challenge = f'Bearer realm="api", error="{error}"' if error else 'Bearer realm="api"'
        super().__init__(401, detail, {"WWW-Authenticate": challenge})


class Security:
    def __init__(self, settings: Settings, *, waiting: int) -> None:
        """Let so many passwords wait: each holds a thread of the server's."""
        self.settings = settings
        self.throttle = Throttle(settings)
        self._key = settings.secret_key.get_secret_value()
        self._turns = Semaphore(settings.hashes_at_once)
        self._places = Semaphore(settings.hashes_at_once + waiting)
        self._passwords = PasswordHash((self._hasher(settings.argon2_memory_kib),))
        self._nobodys_hash = self.hash_password(secrets.token_urlsafe(16))

    def hash_password(self, password: str) -> str:
        with self._turn():
            return self._passwords.hash(password)

    def verify_password(self, password: str, known_hash: str | None) -> tuple[bool, str | None]:
        """Say whether it is right, and give a new hash if the old one's parameters are outdated.

        An unknown user, who has no hash, costs as much time as a known one.
        """
        with self._turn():
            right, new_hash = self._passwords.verify_and_update(
                password, known_hash or self._nobodys_hash
            )
            if known_hash and not right:
                self._spend_the_difference(password, known_hash)
        return (right, new_hash) if known_hash else (False, None)

    def _spend_the_difference(self, password: str, known_hash: str) -> None:
        """Work on: a hash from before the cost was raised is found wrong too soon."""
        old, today = extract_parameters(known_hash), self.settings
        memory = today.argon2_memory_kib - old.memory_cost * old.time_cost // today.argon2_time_cost
        if memory > 0:
            self._hasher(max(memory, 8 * today.argon2_parallelism)).hash(password)

    def _hasher(self, memory_kib: int) -> Argon2Hasher:
        return Argon2Hasher(
            time_cost=self.settings.argon2_time_cost,
            memory_cost=memory_kib,
            parallelism=self.settings.argon2_parallelism,
        )

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for one of the few turns: a hash takes a CPU and much memory."""
        with _taken(self._places, 0), _taken(self._turns, PATIENCE_SECONDS):
            yield

    def make_access_token(self, user_id: uuid.UUID) -> str:
        now = utcnow()
        claims = {
            "iss": APPLICATION,
            "aud": APPLICATION,
            "sub": str(user_id),
            "iat": now,
            "exp": now + timedelta(seconds=self.settings.access_token_seconds),
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)

    def read_access_token(self, token: str | None) -> uuid.UUID:
        """Give the id of the user it was made for."""
        if not token:
            raise Unauthorized("An access token is required.")
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                issuer=APPLICATION,
                audience=APPLICATION,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "sub"]},
            )
            return uuid.UUID(claims["sub"])
        except INVALID_TOKEN:
            raise Unauthorized("The access token is not valid.", "invalid_token") from None

    def successor(self, refresh_token: str) -> str:
        """Make the next one: the same for each who asks, and for nobody without our secret."""
        message = f"after {token_hash(refresh_token)}"
        code = hmac.digest(self._key.encode(), message.encode(), "sha256")
        return f"{family_of(refresh_token).hex}.{urlsafe_b64encode(code).decode().rstrip('=')}"


@contextmanager
def _taken(semaphore: Semaphore, timeout: float) -> Iterator[None]:
    if not semaphore.acquire(timeout=timeout):
        wait = {"Retry-After": str(PATIENCE_SECONDS)}
        raise ApiError(503, "Too many are logging in, try again later.", wait)
    try:
        yield
    finally:
        semaphore.release()


def make_refresh_token(family: uuid.UUID) -> str:
    return f"{family.hex}.{secrets.token_urlsafe(32)}"


def family_of(refresh_token: str) -> uuid.UUID:
    """Read the family off the token; what is no token of ours gets one that does not exist."""
    try:
        return uuid.UUID(refresh_token.partition(".")[0])
    except ValueError:
        return uuid.uuid4()


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def client_address(peer: str | None, forwarded_for: str, trusted_proxies: int) -> str:
    """Who is calling: each trusted proxy has added one address to `X-Forwarded-For`."""
    hops = [hop.strip('" ') for hop in forwarded_for.split(",") if hop.strip()]
    named = hops[-trusted_proxies] if 0 < trusted_proxies <= len(hops) else ""
    if named.startswith("["):  # some add the port: 192.0.2.1:5000, or [2001:db8::1]:5000
        named = named[1:].partition("]")[0]
    elif named.count(":") == 1:
        named = named.partition(":")[0]
    for address in (named, peer or ""):
        with suppress(ValueError):
            return _network(ip_address(address))
    return "unknown"


def _network(address: IPv4Address | IPv6Address) -> str:
    """Of IPv6 the /64: each customer has one, with addresses without end."""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))
