"""``verify --docker`` and ``verify --compose``, through the installed command and a real engine."""

from __future__ import annotations

import functools
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from tests.commands.test_verify import COMMAND, failed, fingerprint, run_verify, troubles
from tests.templates.projects import Variant

from frameworkpick.commands import verify
from frameworkpick.probes import Status, setup
from frameworkpick.probes.containers import image, stack
from frameworkpick.probes.containers.engine import LABEL
from frameworkpick.probes.contract import CONTRACT
from frameworkpick.process import find_uv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# --- what can be said without an engine -----------------------------------------------------


def refused(project: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [COMMAND, "verify", str(project), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.mark.parametrize("flag", ["--docker", "--compose"])
def test_without_docker_it_says_what_to_do(flag: str, tmp_path: Path) -> None:
    project = Variant("flask", "none").render(tmp_path / "parts-store")
    code, said = refused(project, flag, PATH=str(tmp_path))
    assert code == 1
    assert said.startswith("Error: The docker program is not on PATH.\nHint: Install Docker")


@pytest.mark.parametrize(
    ("flag", "name"), [("--docker", "Dockerfile"), ("--compose", "compose.yaml")]
)
def test_a_project_without_its_file_is_refused(flag: str, name: str, tmp_path: Path) -> None:
    project = Variant("flask", "none", docker=False).render(tmp_path / "parts-store")
    code, said = refused(project, flag)
    assert code == 1
    assert said.startswith(f"Error: The project has no {name}: ")
    assert f"Hint: Leave {flag} out" in said


@pytest.mark.parametrize("flag", ["--docker", "--compose"])
def test_a_database_elsewhere_does_not_go_with_containers(flag: str, tmp_path: Path) -> None:
    project = Variant("flask", "none", "postgresql").render(tmp_path / "parts-store")
    code, said = refused(project, flag, "--database-url", "postgresql://localhost/postgres")
    assert code == 2
    assert "does not go with --docker or --compose" in said


# --- with an engine -------------------------------------------------------------------------

#: How each kind of thing that a run could leave behind is listed.
KINDS = (("ps", "--all"), ("image", "ls"), ("volume", "ls"), ("network", "ls"))


def docker(*words: str) -> str:
    done = subprocess.run(
        ["docker", *words], capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout if done.returncode == 0 else ""


def left() -> list[str]:
    """Everything in the engine that bears the label of a run, and volumes with its name."""
    found = [docker(*kind, "--quiet", "--filter", f"label={LABEL}").split() for kind in KINDS]
    # One that the engine makes for a container has no label.
    named = docker("volume", "ls", "--quiet", "--filter", "name=frameworkpick-verify").split()
    return [name for names in (*found, named) for name in names]


@pytest.fixture
def engine() -> Iterator[None]:
    """An engine that answers, with both plugins; nothing more may be in it afterwards."""
    parts = (("version",), ("buildx", "version"), ("compose", "version"))
    if shutil.which("docker") is None or not all(docker(*part) for part in parts):
        reason = "there is no Docker engine that answers, with Buildx and Compose"
        if os.environ.get("FRAMEWORKPICK_CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    before = left()
    yield
    assert left() == before


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Give a new copy of a project with its lock file; each variant is locked once."""

    @functools.cache
    def lock(variant: Variant) -> Path:
        folder = variant.render(tmp_path_factory.mktemp(variant.id) / "parts-store")
        uv = find_uv()
        assert uv
        subprocess.run([uv, "lock", "--quiet"], cwd=folder, timeout=300, check=True)
        return folder

    def get(variant: Variant) -> Path:
        copy = tmp_path_factory.mktemp("project") / "parts-store"
        shutil.copytree(lock(variant), copy)
        return copy

    return get


@pytest.fixture
def only_containers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the project's own checks and most questions: the probes around them decide."""
    monkeypatch.setattr(setup, "CHECKS", ())
    monkeypatch.setattr(verify, "CONTRACT", CONTRACT[:2])
    assert [probe.name for probe in CONTRACT[:2]] == ["health", "ready"]


AROUND = {
    "image": {
        name for names in (image.BUILT, image.STARTED, image.STOPPED) for name, _ in names
    } | {"image builds", "weak secret refused", "alembic check", "removed"},
    "compose": {
        name for names in (stack.READ, stack.STARTED, stack.STOPPED) for name, _ in names
    } | {"compose file", "removed"},
}  # fmt: skip


@pytest.mark.docker
@pytest.mark.matrix
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("variant", "places"),
    [
        (Variant("fastapi"), ("image",)),
        (Variant("flask"), ("image",)),
        (Variant("fastapi", database="postgresql"), ("compose",)),
        (Variant("flask", database="postgresql"), ("image", "compose")),
    ],
    ids=["fastapi-docker", "flask-docker", "fastapi-compose", "flask-both"],
)
def test_a_new_project_is_all_green_in_containers(
    variant: Variant, places: tuple[str, ...], locked: Callable[..., Path]
) -> None:
    project = locked(variant)
    # What belongs to the owner would break the run if it were read.
    (project / ".env").write_text("APP_SECRET_KEY=short\nPOSTGRES_PASSWORD=\nPORT=no-port\n")
    os.mkfifo(project / ".env.local")
    before = fingerprint(project)
    flags = {"image": "--docker", "compose": "--compose"}
    code, result = run_verify(
        str(project), *(flags[place] for place in places), COMPOSE_FILE="none", APP_DOCS="false"
    )
    assert troubles(result) == {}
    assert code == 0
    seen = {(probe["name"], probe["place"]) for probe in result["probes"]}
    for place in places:
        asked = {name for name, where in seen if where == place}
        assert asked == AROUND[place] | {probe.name for probe in CONTRACT}
    on_this_machine = {name for name, where in seen if where == "copy"}
    assert on_this_machine == {"install", "ruff check", "ruff format", "mypy", "tests"}
    assert result["database"] == ("postgresql" if "compose" in places else "sqlite")
    assert fingerprint(project) == before
    if "image" in places:
        [built] = [p for p in result["probes"] if p["name"] == "image builds"][:1]
        assert re.fullmatch(r"\d+ MB", built["evidence"])


# --- deliberate breaks ----------------------------------------------------------------------


def change(path: Path, old: str, new: str) -> None:
    text, count = re.subn(old, new, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count, f"{old} is no longer in {path.name}"
    path.write_text(text, encoding="utf-8")


def run_as_root(project: Path) -> None:
    change(project / "Dockerfile", r"^USER .*\n", "")


def check_a_path_that_is_not_there(project: Path) -> None:
    change(project / "Dockerfile", r"/health'", "/nowhere'")
    change(project / "Dockerfile", r"--interval=\d+s .*--retries", "--interval=1s --retries")


def swallow_sigterm(project: Path) -> None:
    """Leave a shell as the first process: it gets the signal, and does nothing."""
    dockerfile = project / "Dockerfile"
    [words] = re.findall(r"^CMD (\[.*\])$", dockerfile.read_text(encoding="utf-8"), re.MULTILINE)
    inner = shlex.join(json.loads(words))
    with dockerfile.open("a", encoding="utf-8") as file:
        file.write(f"CMD {json.dumps(['sh', '-c', f'{inner}; exit $?'])}\n")


def copy_everything(project: Path) -> None:
    (project / ".dockerignore").unlink()
    change(project / "Dockerfile", r"^COPY src src$", "COPY . .")


IMAGE_BREAKS = {
    "not root": (run_as_root, "USER is not set"),
    "health check": (check_a_path_that_is_not_there, "unhealthy"),
    "server stops": (swallow_sigterm, "did not end within 10 seconds of SIGTERM"),
    "decoys kept out": (copy_everything, "/app/.env"),
}


@pytest.mark.docker
@pytest.mark.matrix
@pytest.mark.usefixtures("engine", "only_containers")
def test_each_deliberate_break_of_the_image_is_found_by_its_own_probe(
    locked: Callable[..., Path],
) -> None:
    # The four do not hide each other: no other probe may fail, and each says its own.
    project = locked(Variant("flask", database="postgresql"))
    for damage, _ in IMAGE_BREAKS.values():
        damage(project)
    result = verify.run(verify.VerifyRequest(project, docker=True))
    found = failed(result)
    assert set(found) == set(IMAGE_BREAKS), found
    for name, (_, evidence) in IMAGE_BREAKS.items():
        assert evidence in found[name]
    for decoy in (".git/config", "tests/test_decoy.py", "app.db"):
        assert decoy in found["decoys kept out"]
    assert result.exit_code == 3


@pytest.mark.docker
@pytest.mark.matrix
@pytest.mark.usefixtures("engine", "only_containers")
@pytest.mark.parametrize("places", [("image",), ("compose",)])
def test_a_base_image_that_cannot_be_had_fails_in_the_engines_words(
    places: tuple[str, ...], locked: Callable[..., Path]
) -> None:
    project = locked(Variant("fastapi"))
    change(project / "Dockerfile", r"^FROM \S+$", "FROM localhost:1/no-such-image:1")
    request = verify.VerifyRequest(project, docker="image" in places, compose="compose" in places)
    result = verify.run(request)
    assert set(failed(result)) == {"image builds"}
    assert "localhost:1/no-such-image:1" in failed(result)["image builds"]
    skipped = {p.evidence for p in result.probes if p.status is Status.SKIPPED}
    assert skipped == {"needs: image builds"}
    assert result.exit_code == 3


def publish_everywhere(project: Path) -> None:
    change(project / "compose.yaml", r'"127\.0\.0\.1:\$\{PORT', '"${PORT')


def forget_the_migrations(project: Path) -> None:
    change(project / "compose.yaml", r"\[alembic, upgrade, head\]", '["true"]')


def mistake_the_password(project: Path) -> None:
    change(project / "compose.yaml", r"POSTGRES_PASSWORD: \S+", "POSTGRES_PASSWORD: another")


@pytest.mark.docker
@pytest.mark.matrix
@pytest.mark.usefixtures("engine", "only_containers")
def test_open_ports_and_forgotten_migrations_are_found(locked: Callable[..., Path]) -> None:
    project = locked(Variant("fastapi"))
    publish_everywhere(project)
    forget_the_migrations(project)
    found = failed(verify.run(verify.VerifyRequest(project, compose=True)))
    assert "app publishes 8000 on 0.0.0.0" in found["ports on loopback"]
    assert "Expected 200, got 503" in found["ready"]
    assert "health" not in found


@pytest.mark.docker
@pytest.mark.matrix
@pytest.mark.usefixtures("engine", "only_containers")
def test_a_wrong_password_of_the_database_is_found(locked: Callable[..., Path]) -> None:
    project = locked(Variant("flask", database="postgresql"))
    mistake_the_password(project)
    result = verify.run(verify.VerifyRequest(project, compose=True))
    assert set(failed(result)) == {"services start"}
    evidence = failed(result)["services start"]
    assert "password authentication failed" in evidence
    assert not re.search(r"[0-9a-f]{64}", evidence)
    assert result.exit_code == 3


# --- nothing is left ------------------------------------------------------------------------


@pytest.mark.docker
@pytest.mark.matrix
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("flag", "kind"),
    [("--docker", ("volume", "ls")), ("--docker", ("ps",)), ("--compose", ("ps",))],
    ids=["building-is-over", "running", "services"],
)
def test_a_run_in_containers_that_is_interrupted_leaves_nothing(
    flag: str, kind: tuple[str, ...], locked: Callable[..., Path], tmp_path: Path
) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    running = subprocess.Popen(
        [COMMAND, "verify", str(locked(Variant("flask"))), flag, "--json"],
        env={**os.environ, "TMPDIR": str(place)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 240
    made = ("--quiet", "--filter", f"label={LABEL}")
    while not docker(*kind, *made) and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=120)
    assert running.returncode == 130, errors
    assert b"Traceback" not in errors
    assert output == b""
    assert list(place.glob("frameworkpick-*")) == []
    assert left() == []
