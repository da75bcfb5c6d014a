"""The life of one project, from the release that made it through two that follow."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import people
from .releases import frameworkpick, new
from .small import commit, content, git

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Story:
    """A project at each point of its life."""

    made: Path  #: As 1.0.0 made it and a person worked on it.
    first: Path  #: Updated to 1.1.0, with the conflicts.
    worked: Path  #: Those settled, and worked on.
    second: Path  #: Updated to 2.0.0.
    gitlab: Path  #: Its pipeline changed to the other.
    bare: Path  #: Docker removed.
    said: dict[str, Any]  #: What each command said, as JSON.


def tell(releases: dict[str, Path], folder: Path, framework: str) -> Story:
    """Let a project live: made, worked on, updated twice, and changed by add and remove."""
    project = new(releases["1.0.0"], folder, framework, "--git", python="3.11")
    people.work_on_first(project)
    said: dict[str, Any] = {}
    latest = releases["2.0.0"]

    def kept(name: str) -> Path:
        return shutil.copytree(project, folder / name / "shop", symlinks=True)

    def do(name: str, *words: str, code: int = 0) -> None:
        done = frameworkpick(latest, *words, "--json", cwd=project, code=code)
        said[name] = json.loads(done.stdout)

    made = kept("made")
    anew = ("-a", "python_version=3.12")
    do("foreseen", "update", "--to", "1.1.0", "--dry-run", *anew, code=3)
    assert content(project) == content(made)
    assert not git(project, "status", "--porcelain")
    do("first", "update", "--to", "1.1.0", *anew, code=3)
    first = kept("first")
    people.settle_first(project)
    do("checked", "check", code=3)
    people.work_on_second(project)
    worked = kept("worked")
    do("second", "update", code=3)
    second = kept("second")
    commit(project)
    do("gitlab", "add", "ci=gitlab")
    gitlab = kept("gitlab")
    commit(project)
    do("bare", "remove", "docker")
    bare = kept("bare")
    commit(project)
    do("again", "add", "docker")
    commit(project)
    do("nothing", "update")
    do("finally", "check", code=3)
    return Story(made, first, worked, second, gitlab, bare, said)
