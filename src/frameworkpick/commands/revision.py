"""Drafts the revision of the database that merged models need, on a copy of the project."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from frameworkpick import merge, process
from frameworkpick.errors import FrameworkpickError
from frameworkpick.probes import sandbox, setup
from frameworkpick.project import VERSIONS
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frameworkpick.merge import Place

#: How alembic runs: a project with it has migrations.
_ENV = "migrations/env.py"
_SCRIPT = Path(__file__).with_name("autogenerate.py")
_APPLY = "`uv run alembic upgrade head`"


@dataclass(frozen=True, slots=True)
class Drafted:
    """What became of the draft."""

    path: str = ""  #: The drafted file; empty when there is none.
    step: str = ""  #: What is left to do; empty when nothing is.


class _CannotDraft(Exception):  # noqa: N818 (an answer; the merge stands all the same)
    """The draft cannot be made; the text says why."""


def announce(folder: Path, whats: Mapping[str, str]) -> str:
    """Say what a run would leave to do; empty when the models stay as they are."""
    if not _concerned(folder, whats):
        return ""
    return f"The models change: a run drafts a revision into {VERSIONS}/, to read and to apply."


def draft(
    place: Place,
    whats: Mapping[str, str],
    message: str,
    progress: Callable[[str], None],
    waiting: Callable[[], None],
) -> Drafted:
    """Draft a revision where a merge changed the models; what cannot be done is said.

    A merge never fails by it: it needs uv and the network, and a project that runs.

    ``whats`` is what the merge did, by path; ``waiting`` is called once while somebody else has the
    index.
    """
    if not _concerned(place.folder, whats):
        return Drafted()
    if "conflict" in whats.values():
        return Drafted(step=_by_hand(message, "the conflicts have to be settled first"))
    progress("drafting a revision of the database")
    try:
        with temporary() as scratch:
            found, data = _drafted(place.folder, scratch, message)
        if not found["path"]:
            return Drafted()
        merge.added(place, found["path"], data, waiting)
    except _CannotDraft as reason:
        return Drafted(step=_by_hand(message, str(reason)))
    except FrameworkpickError as error:  # another git is at work
        return Drafted(step=_by_hand(message, error.message))
    return Drafted(found["path"], _to_read(found))


def _concerned(folder: Path, whats: Mapping[str, str]) -> bool:
    """Whether models changed in a project that has migrations."""
    models = [path for path in whats if {"models", "models.py"} & {*PurePosixPath(path).parts}]
    return bool(models) and (folder / _ENV).is_file()


def _drafted(folder: Path, scratch: Path, message: str) -> tuple[dict[str, Any], bytes]:
    """Migrate a new database to the project's head, and have alembic compare the models."""
    box = _copy(folder, scratch)
    settings = sandbox.production_settings(f"sqlite:///{scratch / 'draft.db'}")
    done = setup.install(box)
    if done.passed:
        done = setup.run_check(box, setup.MIGRATE, settings=settings)
    if not done.passed:
        raise _CannotDraft(_last_line(done.evidence))
    answer = scratch / "answer.json"
    asked = process.run(
        [box.program("python"), "-P", str(_SCRIPT), message, str(answer)],
        cwd=box.project,
        env={**box.environment, **settings},
        timeout=setup.STEP_TIMEOUT,
    )
    if not asked.ok:
        raise _CannotDraft(_last_line(asked.output))
    found: dict[str, Any] = json.loads(answer.read_text("utf-8"))
    if not found["path"]:
        return found, b""
    return found, (box.project / found["path"]).read_bytes()


def _copy(folder: Path, scratch: Path) -> sandbox.Sandbox:
    """Copy the project as it is merged; its ``.env`` and its data stay unread."""
    project = scratch / "project"
    try:
        sandbox.copy_project(folder, project)
    except OSError as error:
        raise _CannotDraft(f"{error.filename}: {error.strerror}") from error
    box = sandbox.Sandbox(scratch, project, "", {})
    return replace(box, environment=sandbox.clean_environment(os.environ, box.programs))


def _last_line(output: str) -> str:
    lines = output.strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else "it ended without a word"


def _to_read(found: Mapping[str, Any]) -> str:
    """Say that the draft is to be read, and what it does to rows that are there."""
    said = [f"Read {found['path']}, drafted by alembic for the changed models; then {_APPLY}."]
    if needs := [".".join(each) for each in found["needs"]]:
        said.append(f"Rows that are there have no value for {_joined(needs)}: give them one in it.")
    if drops := found["drops"]:
        said.append(f"It drops {_joined(drops)}, and what is in there.")
    return " ".join(said)


def _by_hand(message: str, reason: str) -> str:
    command = f"uv run alembic revision --autogenerate -m {shlex.quote(message)}"
    return (
        f"The models changed, and no revision was drafted: {reason}. Where the database is "
        f"migrated, run `{command}`, read what it drafts, then {_APPLY}."
    )


def _joined(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
