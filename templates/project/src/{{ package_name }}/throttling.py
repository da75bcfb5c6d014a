"""The limit on guessing: how often an address may try, and how often all of them at one account."""

import hashlib
import logging
import math
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from limits import RateLimitItemPerSecond, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from .config import Settings
from .problems import ApiError

SHARE = 10  # an address at all accounts, and all addresses at one, may try so many times as often
KNOWN_SECONDS = 30 * 24 * 3600  # how long an address stands for the owner of an account
MOST_KEPT = 100_000

log = logging.getLogger(__name__)


class MemoryWindow:
    """What came in the last seconds, in this process; its clock cannot be set back."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def hit(self, key: str, amount: int) -> float:
        """Count one more, or give the seconds until it may come."""
        with self._lock:
            end = time.monotonic() - self._seconds
            times = self._times.setdefault(key, deque())
            while times and times[0] <= end:
                times.popleft()
            if len(times) >= amount:
                return times[0] - end
            times.append(end + self._seconds)
            self._times.move_to_end(key)
            # the first is the one that was quiet for longest
            while next(iter(self._times.values()))[-1] <= end or len(self._times) > MOST_KEPT:
                self._times.popitem(last=False)
            return 0

    def holds(self, key: str) -> bool:
        with self._lock:
            times = self._times.get(key)
            return bool(times and times[-1] > time.monotonic() - self._seconds)


class SharedWindow:
    """The same for several processes, in Redis."""

    def __init__(self, seconds: int, url: str) -> None:
        self._seconds = seconds
        patience = {"socket_connect_timeout": 2, "socket_timeout": 2}
        storage = storage_from_string(url, wrap_exceptions=True, **patience)
        self._limiter = MovingWindowRateLimiter(storage)

    def hit(self, key: str, amount: int) -> float:
        limit = RateLimitItemPerSecond(amount, self._seconds)
        with _answered():
            if self._limiter.hit(limit, key):
                return 0
            return self._limiter.get_window_stats(limit, key).reset_time - time.time()

    def holds(self, key: str) -> bool:
        with _answered():
            return not self._limiter.test(RateLimitItemPerSecond(1, self._seconds), key)


class Throttle:
    def __init__(self, settings: Settings) -> None:
        rate = parse(settings.login_rate)
        self._amount, self._seconds = rate.amount, rate.get_expiry()
        self._attempts = _window(self._seconds, settings.rate_storage)
        self._known = _window(KNOWN_SECONDS, settings.rate_storage)

    def attempt(self, address: str, account: str) -> None:
        """Count an attempt of an address at an account, or refuse it.

        All addresses together are held to a limit too, except those that the owner came from:
        nobody locks the owner out.
        """
        account, pair = _keys(address, account)
        self._count(address, SHARE)  # first: nobody is counted for made-up accounts without end
        self._count(pair)
        if not self._known.holds(pair):
            self._count(account, SHARE)

    def check(self) -> None:
        """Fail as an attempt would whose storage does not answer."""
        self._attempts.holds("")

    def refresh(self, address: str) -> None:
        self._count(f"refresh {address}", SHARE)

    def succeeded(self, address: str, account: str) -> None:
        """Remember that the owner of the account calls from this address."""
        self._known.hit(_keys(address, account)[1], 1)

    def _count(self, key: str, times: int = 1) -> None:
        wait = self._attempts.hit(key, times * self._amount)
        if wait > 0:
            seconds = min(max(1, math.ceil(wait)), self._seconds)  # the clock of Redis may jump
            raise ApiError(
                429, "Too many attempts, try again later.", {"Retry-After": str(seconds)}
            )


@contextmanager
def _answered() -> Iterator[None]:
    """Let nobody guess while nobody counts."""
    try:
        yield
    except StorageError as error:
        log.error("APP_RATE_STORAGE fails: %s", " ".join(str(error.storage_error).split()))
        wait = {"Retry-After": "5"}
        raise ApiError(503, "Attempts cannot be counted, try again later.", wait) from None


def _keys(address: str, account: str) -> tuple[str, str]:
    """Name the account without telling who it is, and it with the address."""
    key = hashlib.sha256(account.encode("utf-8", "surrogatepass")).hexdigest()
    return key, f"{key} {address}"


def _window(seconds: int, storage: str) -> MemoryWindow | SharedWindow:
    if storage.startswith("memory:"):
        return MemoryWindow(seconds)
    return SharedWindow(seconds, storage)
