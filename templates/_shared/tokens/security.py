"""Passwords, tokens and the limit on guessing. No web framework in here."""

import hashlib
import secrets
import time
import uuid
from contextlib import suppress
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import jwt
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from .config import Settings
from .models import utcnow
from .problems import ApiError

ALGORITHM = "HS256"
LEEWAY_SECONDS = 10  # the clocks of two machines differ
APPLICATION = __name__.partition(".")[0]  # issuer and audience of the access tokens


class Unauthorized(ApiError):
    def __init__(self, detail: str, error: str | None = None) -> None:
        challenge = f'Bearer realm="api", error="{error}"' if error else 'Bearer realm="api"'
        super().__init__(401, detail, {"WWW-Authenticate": challenge})


class Security:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._key = settings.secret_key.get_secret_value()
        hasher = Argon2Hasher(
            time_cost=settings.argon2_time_cost,
            memory_cost=settings.argon2_memory_kib,
            parallelism=settings.argon2_parallelism,
        )
        self._passwords = PasswordHash((hasher,))
        self._nobodys_hash = self.hash_password(secrets.token_urlsafe(16))
        self._rate = parse(settings.login_rate)
        # of the strategies the one that is exact and forgets what has expired, in memory too
        self._limiter = FixedWindowRateLimiter(storage_from_string(settings.rate_storage))

    def hash_password(self, password: str) -> str:
        return self._passwords.hash(password)

    def verify_password(self, password: str, known_hash: str | None) -> tuple[bool, str | None]:
        """Say whether it is right, and give a new hash if the old one's parameters are outdated.

        An unknown user, who has no hash, costs as much time as a known one.
        """
        right, new_hash = self._passwords.verify_and_update(
            password, known_hash or self._nobodys_hash
        )
        return (right, new_hash) if known_hash else (False, None)

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
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            raise Unauthorized("The access token is not valid.", "invalid_token") from None

    def throttle(self, address: str, account: str) -> None:
        """Count an attempt; all accounts of one address together may have ten times as many."""
        total = type(self._rate)(10 * self._rate.amount, self._rate.multiples)
        self._count(total, address)  # first: nobody is counted for made-up accounts without end
        self._count(self._rate, address, token_hash(account))

    def _count(self, rate: RateLimitItem, *key: str) -> None:
        if not self._limiter.hit(rate, *key):
            seconds = self._limiter.get_window_stats(rate, *key).reset_time - time.time()
            wait = {"Retry-After": str(max(1, round(seconds)))}
            raise ApiError(429, "Too many attempts, try again later.", wait)


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
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    named = hops[-trusted_proxies] if 0 < trusted_proxies <= len(hops) else ""
    for address in (named, peer or ""):
        with suppress(ValueError):
            return _network(ip_address(address))
    return "unknown"


def _network(address: IPv4Address | IPv6Address) -> str:
    """Of IPv6 the /64: each customer has one, with addresses without end."""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))
