"""What goes in and out. Patterns rather than validators, so that the OpenAPI document has them."""

import re
import uuid
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import (
    MISSING,
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

# PostgreSQL cannot store NUL, and nobody types the other control characters
LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
PROSE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _stripped(value: object) -> object:
    """Leave what is no space to the pattern, which refuses it."""
    return value.strip() if isinstance(value, str) and re.fullmatch(LINE, value) else value


# a `BeforeValidator` stands last: the document has no limit that follows it
Line = Annotated[str, StringConstraints(min_length=1, pattern=LINE)]
Title = Annotated[Line, Field(max_length=200), BeforeValidator(_stripped)]
Description = Annotated[str, StringConstraints(max_length=2000, pattern=PROSE)]


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)  # SQLite forgets the zone


Timestamp = Annotated[datetime, AfterValidator(_utc)]


class ItemCreate(BaseModel, extra="forbid"):
    title: Title
    description: Description | None = None


class ItemUpdate(BaseModel, extra="forbid", json_schema_extra={"minProperties": 1}):
    """A field that is absent stays as it is; a description of null is removed."""

    title: Title | MISSING = MISSING
    description: Description | MISSING | None = MISSING

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_to_change", "Name at least one field to change.")
        return self


class ItemOut(BaseModel, from_attributes=True):
    id: uuid.UUID
    title: str
    description: str | None
    created_at: Timestamp
    updated_at: Timestamp


class PageQuery(BaseModel):
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    offset: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0


class ItemPage(BaseModel):
    items: list[ItemOut]
    total: int
    limit: int
    offset: int


class Status(BaseModel):
    status: Literal["ok"] = "ok"


class FieldError(BaseModel):
    """One invalid value; the JSON pointer leads to it, in the `body`, the `query` or the `path`."""

    detail: str
    pointer: str
    location: str
    type: str


# written out where it is used: FastAPI takes no references in the responses of an application
WholeFieldError = Annotated[FieldError, WithJsonSchema(FieldError.model_json_schema())]


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[WholeFieldError] | None = None
