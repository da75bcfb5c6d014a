"""Settings: environment variables `APP_...`, or lines of `.env`."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PositiveInt
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from .db import HOME, usable_url
from .http import parse_origins, usable_root_path

DatabaseUrl = Annotated[str, AfterValidator(usable_url), Field(repr=False)]
Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(parse_origins)]
RootPath = Annotated[str, AfterValidator(usable_root_path)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


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
