"""Settings: environment variables `APP_...`, or lines of `.env`."""

import secrets
from contextlib import suppress
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from limits import parse_many
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PositiveInt,
    SecretStr,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from .db import HOME, usable_url
from .http import parse_origins, usable_root_path

# what stands in examples for a secret; too long to come about by chance
PLACEHOLDERS = "changeme changethis insecure password placeholder replaceme secretkey yoursecret"


def _usable_rate(rate: str) -> str:
    with suppress(ValueError):
        (only,) = parse_many(rate)
        if only.amount > 0:
            return rate
    raise ValueError("Input should be like 10/minute")


def _usable_storage(url: str) -> str:
    with suppress(AssertionError, ConfigurationError, NotImplementedError, ValueError):
        MovingWindowRateLimiter(storage_from_string(url))
        return url
    raise ValueError("Input should be memory://, or redis://host after: uv add 'limits[redis]'")


DatabaseUrl = Annotated[str, AfterValidator(usable_url), Field(repr=False)]
Rate = Annotated[str, AfterValidator(_usable_rate)]
RateStorage = Annotated[str, AfterValidator(_usable_storage), Field(repr=False)]
Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(parse_origins)]
RootPath = Annotated[str, AfterValidator(usable_root_path)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


def _random_secret() -> SecretStr:
    return SecretStr(secrets.token_urlsafe(48))


def _is_guessable(secret: str) -> bool:
    letters = "".join(filter(str.isalpha, secret)).lower()
    steps = {ord(after) - ord(before) for before, after in pairwise(secret)}
    return (
        len(secret.encode()) < 32
        or min(len(set(secret)), len(steps)) < 8  # a few characters, or a row of the alphabet
        or any(secret.startswith(secret[n:]) for n in range(1, len(secret) // 2 + 1))  # repeats
        or any(word in letters for word in PLACEHOLDERS.split())
    )


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="APP_",
        env_file=HOME / ".env",
        env_file_encoding="utf-8-sig",  # with the mark, too, that some editors begin a file with
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    environment: Literal["local", "test", "production"] = "local"
    database_url: DatabaseUrl = "sqlite:///app.db"
    secret_key: SecretStr = Field(default_factory=_random_secret)
    access_token_seconds: PositiveInt = 900
    refresh_token_seconds: PositiveInt = 30 * 24 * 3600
    login_seconds: PositiveInt = 90 * 24 * 3600
    argon2_time_cost: PositiveInt = 3
    argon2_memory_kib: Annotated[int, Field(ge=32)] = 65536
    argon2_parallelism: Annotated[int, Field(ge=1, le=4)] = 4
    hashes_at_once: PositiveInt = 1
    login_rate: Rate = "10/minute"
    rate_storage: RateStorage = "memory://"
    trusted_proxies: Annotated[int, Field(ge=0)] = 0
    root_path: RootPath = ""
    cors_origins: Origins = ()
    max_body_bytes: PositiveInt = 1_048_576
    docs: bool = True
    log_level: LogLevel = "INFO"

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except UnicodeDecodeError:
            raise ValueError(f"{HOME / '.env'} is not UTF-8: save it as UTF-8") from None

    @model_validator(mode="after")
    def _refuse_weak_secret(self) -> Self:
        if self.environment == "production" and "secret_key" not in self.model_fields_set:
            raise ValueError("APP_SECRET_KEY must be set in production")
        if _is_guessable(self.secret_key.get_secret_value()):
            raise ValueError("APP_SECRET_KEY must have 32 random bytes or more")
        return self
