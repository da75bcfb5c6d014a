"""What the contract is held against: projects, their databases, and how many workers serve them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from ..projects import FRAMEWORKS  # noqa: TID252 (one folder up is the nearest place both share)
from .deployment import GIVEN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from tests.templates.projects import Project


@dataclass(frozen=True, slots=True)
class Target:
    """A server to test, before it is started."""

    framework: str
    auth: str = "tokens"
    database: str = "sqlite"
    #: Worker processes, as ``WEB_CONCURRENCY`` tells uvicorn and gunicorn alike.
    workers: int = 1

    @property
    def id(self) -> str:
        workers = "1-worker" if self.workers == 1 else f"{self.workers}-workers"
        return f"{self.framework}-{self.auth}-{self.database}-{workers}"

    def project(self, installed: Callable[..., Project]) -> Project:
        return installed(self.framework, self.auth, self.database)


#: Fixtures that start a server of ours, so that a server that runs elsewhere cannot be asked.
OWN_SERVERS = {"installed", "restricted", "servers"}


def targets(fixtures: Collection[str]) -> Iterator[Target]:
    """The targets of a test that asks for these fixtures.

    Without users (``none``) a test runs here only if it needs a server with settings of its own:
    the combinations of the matrix are each asked all the others, through ``CONTRACT_BASE_URL``.
    """
    for name in FRAMEWORKS:
        yield Target(name)
        yield Target(name, database="postgresql", workers=2)
        if "tokens" not in fixtures and not OWN_SERVERS.isdisjoint(fixtures):
            yield Target(name, auth="none")


def marks(target: Target) -> list[pytest.MarkDecorator]:
    """Everyday: users, an SQLite file and one worker. The rest belongs to the matrix."""
    if target == Target(target.framework):
        return []
    postgresql = [pytest.mark.postgresql] if target.database == "postgresql" else []
    return [pytest.mark.matrix, *postgresql]


def parameters(fixtures: Collection[str]) -> list[object]:
    """Give the targets of a test as ``parametrize`` takes them."""
    if GIVEN:
        target = Target("given", os.environ.get("CONTRACT_AUTH", "tokens"))
        wanted = target.auth == "tokens" or "tokens" not in fixtures
        skipped = [] if wanted else [pytest.mark.skip(reason="this server has no users")]
        return [pytest.param(target, id=f"given-{target.auth}", marks=skipped)]
    return [pytest.param(target, id=target.id, marks=marks(target)) for target in targets(fixtures)]
