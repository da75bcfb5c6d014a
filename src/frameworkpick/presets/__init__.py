"""Finds, reads and writes presets and answers files, and the record in a project."""

from __future__ import annotations

from .answers import AnswersFile, read_answers_file, write_answers_file
from .finding import (
    FILE_NAME,
    VARIABLE,
    Found,
    built_in_name,
    built_in_names,
    find,
    found_files,
)
from .json_schema import schema
from .listing import Known, known
from .loading import Fetch, load, load_layers
from .pinning import own_file, pin
from .projects import (
    DECISION_RECORD,
    PROJECT_RECORD,
    Project,
    Recorded,
    check_project,
    read_ignored,
    read_project,
    read_record,
    read_recorded,
)
from .starting import starter

__all__ = [
    "DECISION_RECORD",
    "FILE_NAME",
    "PROJECT_RECORD",
    "VARIABLE",
    "AnswersFile",
    "Fetch",
    "Found",
    "Known",
    "Project",
    "Recorded",
    "built_in_name",
    "built_in_names",
    "check_project",
    "find",
    "found_files",
    "known",
    "load",
    "load_layers",
    "own_file",
    "pin",
    "read_answers_file",
    "read_ignored",
    "read_project",
    "read_record",
    "read_recorded",
    "schema",
    "starter",
    "write_answers_file",
]
