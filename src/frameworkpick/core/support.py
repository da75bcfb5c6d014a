"""What people may ask for and cannot get, with reasons; ``copier.yml`` holds what they can."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A value that is refused."""

    option: str  #: The project option.
    value: str  #: What somebody may well ask for.
    because: str  #: The reason, as the end of a sentence.


#: Single values only: no value that is supported excludes one of another option.
UNSUPPORTED = (
    Unsupported("python_version", "3.10", "SQLAlchemy, FastAPI and flask-openapi need 3.11"),
    Unsupported(
        "python_version",
        "3.15",
        "no project is tested on it yet, though one for 3.14 may run there",
    ),
    Unsupported("auth", "sessions", "cookies belong to pages, which are not generated yet"),
    Unsupported("database", "mysql", "no project is tested with it"),
    Unsupported("ci", "jenkins", "there are pipelines for GitHub and GitLab only"),
)


def why_not(option: str, value: object) -> str | None:
    """Return the reason why an option cannot have this value, if it is a known one."""
    for each in UNSUPPORTED:
        if (each.option, each.value) == (option, value):
            return each.because
    return None
