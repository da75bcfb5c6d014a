"""``verify``: prove a project on a copy, without touching it.

The copy is installed, migrated and served by its production server, by a container of its image, or
by its compose file; the contract's questions are asked over a real socket while the project's own
checks run beside them.

A contract route is *absent*, not failed, when its handler (the function named like the operationId)
is no longer in the package and openapi.json does not describe it: the owner took it out. A handler
that stands in the code but is not served is a failure: a forgotten registration looks like that.
"""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from frameworkpick import history, merge, process, project, template
from frameworkpick.commands import team_preset
from frameworkpick.core.preset import TemplateChoice
from frameworkpick.errors import FrameworkpickError, InputError, TargetError
from frameworkpick.probes import GROUPS, PLACES, VerifyResult, sandbox, setup
from frameworkpick.probes.containers import engine, stack
from frameworkpick.probes.containers.image import ImageProof
from frameworkpick.probes.containers.stack import StackProof
from frameworkpick.probes.contract import CONTRACT
from frameworkpick.probes.database import Earlier, check_url
from frameworkpick.probes.result import skipped
from frameworkpick.probes.server import ServerProof
from frameworkpick.probes.visit import Questions
from frameworkpick.scratch import temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from frameworkpick.probes import ProbeResult
    from frameworkpick.probes.sandbox import Sandbox
    from frameworkpick.project import Recorded

    #: Told what is being done now, in a few words ("installing", "probing: login").
    Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to prove."""

    directory: Path  #: The project's folder.
    #: Address of a PostgreSQL server, where the run makes and drops a database of its own;
    #: ``None``: a new SQLite file.
    database_url: str | None = None
    #: Serve it by a container of its image, not by its server on this machine.
    docker: bool = False
    compose: bool = False  #: Serve it by its compose file, not by its server on this machine.
    #: Address of the template the project was made from, when it is not the built-in one.
    template_url: str | None = None
    preset: str | None = None  #: A team's preset, which may name that template too.

    @property
    def places(self) -> tuple[str, ...]:
        """The kinds of containers it is served by; none: its server on this machine."""
        chosen = (("image", self.docker), ("compose", self.compose))
        return tuple(place for place, wanted in chosen if wanted)


class _Served(Protocol):
    """One way of serving the project."""

    def run(self) -> list[ProbeResult]: ...


def run(request: VerifyRequest, *, progress: Progress = lambda _: None) -> VerifyResult:
    """Prove a project on a copy.

    ``progress`` is called from the calling thread only.

    Returns:
        Every probe with its evidence; ``exit_code`` is 3 when one failed.

    Raises:
        FrameworkpickError: There is no generated project in the folder, or it cannot be copied, or
            it has no file for Docker, or there is no Docker.
        InputError: The database URL cannot be used with this project, or with Docker.
    """
    began = time.monotonic()
    made = project.read_recorded(request.directory, ("framework", "package_name"))
    serve = _serve(request, made)
    database = made.text("database")
    _check(request, database)
    with (
        process.tidy_end(),
        temporary() as root,
        process.no_survivors(),
    ):
        engines = [
            engine.find(os.environ, root / place, place, progress) for place in request.places
        ]
        box = _copy(request.directory, root, made.text("package_name"))
        questions = Questions(
            probes=CONTRACT,
            accounts=made.text("auth", "none") != "none",
            handlers=sandbox.handler_names(box),
            source=sandbox.source_text(box),
            progress=progress,
        )
        local = ServerProof(
            box, serve, request.database_url, questions, progress, _earlier(request.directory)
        )
        containers = [_in_containers(each, box, questions) for each in engines]
        results = _prove(local, containers)
    return VerifyResult(
        project=made.text("project_name", made.text("package_name")),
        framework=made.text("framework"),
        database=database if request.compose or request.database_url else "sqlite",
        probes=tuple(sorted(results, key=lambda r: (PLACES.index(r.place), GROUPS.index(r.group)))),
        seconds=time.monotonic() - began,
    )


def _serve(request: VerifyRequest, made: Recorded) -> tuple[str, ...]:
    """Return the words that serve the project, as its template knows them."""
    with template.opened(_template(request, made)) as used:
        framework = used.knowledge().framework(made.text("framework"))
    if framework is None:
        raise FrameworkpickError(
            f"The project's framework is {made.text('framework')}, which is not known here.",
            "If it comes from a template of your own, name that with --template-url or a preset; "
            "else use the version of frameworkpick that generated it, or a newer one.",
        )
    return framework.serve.command


def _template(request: VerifyRequest, made: Recorded) -> TemplateChoice | None:
    """Return the template to ask, at the project's version; a preset's only if it is that one."""
    if request.template_url is not None:
        return TemplateChoice(request.template_url, made.version, "--template-url")
    if not made.address or history.is_built_in(made.address):
        return None
    preset = team_preset.chosen(request.preset, request.directory, lambda _: None)
    if preset is None or preset.template is None:
        return None
    choice = replace(preset.template, version=made.version)
    return choice if history.same_repository(made.address, choice.url) else None


def _check(request: VerifyRequest, database: str) -> None:
    """Refuse what does not fit together, and what the project has no file for."""
    if request.database_url and request.places:
        raise InputError(
            ["--database-url does not go with --docker or --compose."],
            "The image is proven on a new SQLite file, the compose file with its own services.",
        )
    if request.database_url:
        check_url(request.database_url, project_database=database)
    there = {
        "image": (request.directory / "Dockerfile").is_file(),
        "compose": stack.compose_file(request.directory) is not None,
    }
    names = {"image": ("Dockerfile", "--docker"), "compose": ("compose.yaml", "--compose")}
    for place in request.places:
        if not there[place]:
            name, flag = names[place]
            raise FrameworkpickError(
                f"The project has no {name}: it was generated without, or it was taken out.",
                f"Leave {flag} out to prove it on this machine.",
            )


def _copy(source: Path, root: Path, package: str) -> Sandbox:
    project = root / "project"
    try:
        sandbox.copy_project(source, project)
    except OSError as error:
        raise TargetError(
            f"The project cannot be copied: {error.filename}: {error.strerror}.",
            "verify works on a copy and must be able to read every file of the project.",
        ) from error
    temporary = root / "tmp"
    temporary.mkdir()
    box = sandbox.Sandbox(root, project, package, {})
    clean = sandbox.clean_environment(os.environ, box.programs)
    return replace(box, environment={**clean, "TMPDIR": str(temporary)})


def _earlier(folder: Path) -> Earlier:
    """Read the revisions of the previous commit."""
    files, why_not = merge.earlier_files(folder, project.VERSIONS)
    named = {PurePosixPath(path): file.data for path, file in files.items()}
    kept = {path.name: data for path, data in named.items() if path.suffix == ".py"}
    return Earlier(kept, why_not or "The earlier commit has no migrations.")


def _in_containers(found: engine.Engine, box: Sandbox, questions: Questions) -> _Served:
    """Give it a copy of its own, before anything is installed in the first one."""
    copy = found.folder / "project"
    sandbox.copy_project(box.project, copy)
    file = stack.compose_file(copy)
    if found.place == "compose" and file is not None:
        return StackProof(found, file, questions)
    return ImageProof(found, copy, questions)


def _prove(local: ServerProof, containers: Sequence[_Served]) -> list[ProbeResult]:
    """Install the copy, serve the project, and run its own checks beside that."""
    local.progress("installing")
    installed = setup.install(local.box)
    cancel = threading.Event()
    with ThreadPoolExecutor(max_workers=1) as lane, ExitStack() as ending:
        # Comes before the pool waits for its thread: Ctrl-C must not wait for the checks.
        ending.callback(cancel.set)
        checks = lane.submit(_own_checks, local, cancel) if installed.passed else None
        results = [installed]
        for served in containers:
            results += served.run()
        if not containers:
            missing = skipped("install", local.names())
            results += local.run() if installed.passed else missing
        if checks is None:
            return [*results, *skipped("install", [(c.name, "checks") for c in setup.CHECKS])]
        local.progress("running the project's tests and linters")
        return [*results, *checks.result()]


def _own_checks(local: ServerProof, cancel: threading.Event) -> list[ProbeResult]:
    # The projects' tests make and drop databases of their own where this leads.
    settings = {"TEST_DATABASE_URL": local.database_url} if local.database_url else {}
    return setup.run_checks(local.box, setup.CHECKS, settings=settings, cancel=cancel)
