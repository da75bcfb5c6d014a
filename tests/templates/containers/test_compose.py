"""The stack of compose.yaml, by the commands that the project's README shows."""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from frameworkpick.process import run

# one folder up is the nearest place both share
from ..postgres import free_port  # noqa: TID252
from ..projects import FRAMEWORKS, TEMPLATES, Variant  # noqa: TID252

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .engine import Engine

pytestmark = [pytest.mark.matrix, pytest.mark.docker]

CONTRACT = Path(__file__).parents[1] / "contract"
#: The contract registers many users from one address; other tests may keep the machine busy.
OVERRIDE = """\
services:
  app:
    environment:
      APP_LOGIN_RATE: 100000/minute
      HTTP_PROXY: http://127.0.0.1:9 # as Docker's own settings may add it
    healthcheck: {start_period: 300s}
"""
VARIANTS = [
    pytest.param(Variant(framework, auth, database), id=f"{framework}-{auth}-{database}")
    for auth, database in (("tokens", "postgresql"), ("none", "sqlite"))
    for framework in FRAMEWORKS
]
#: A developer's other settings; those of a place on this machine are not the container's.
DEVELOPERS = ["APP_MAX_BODY_BYTES=1048570", "APP_ENVIRONMENT=local", "HOST=127.0.0.1"]
DEVELOPERS += ["APP_DATABASE_URL=sqlite:///mine.db"]
EMAIL, PASSWORD = "ann@example.com", "correct horse battery"


@dataclass(frozen=True, slots=True)
class Stack:
    """A project whose stack may be up."""

    engine: Engine
    variant: Variant
    folder: Path
    settings: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings['PORT']}"

    def compose(self, *argv: str) -> str:
        return self.engine.check("compose", *argv, cwd=self.folder, env=self.settings)

    def inspect(self, service: str, template: str) -> str:
        container = self.compose("ps", "--all", "--quiet", service)
        return self.engine.check("inspect", "--format", template, container)

    def run_as_shown(self, command: str) -> None:
        """Run a line of the README, as it stands there."""
        environment = os.environ | self.settings
        done = run(shlex.split(command), cwd=self.folder, env=environment, timeout=540)
        logs = "" if done.ok else self.compose("logs")
        assert done.ok, f"{command} exited {done.returncode}:\n{done.output}\n{logs}"

    def headers(self) -> dict[str, str]:
        """Who may write items: the same user each time."""
        if self.variant.auth == "none":
            return {}
        new = {"email": EMAIL, "password": PASSWORD, "name": "Ann"}
        form = {"username": EMAIL, "password": PASSWORD}
        with httpx2.Client(base_url=f"{self.url}/api/v1/auth", timeout=30) as client:
            assert client.post("/register", json=new).status_code in {201, 409}
            tokens = client.post("/login", data=form).raise_for_status().json()
        return {"Authorization": f"Bearer {tokens['access_token']}"}


@pytest.fixture
def stack(
    variant: Variant, engine: Engine, locked: Callable[[Variant], Path], tmp_path: Path
) -> Iterator[Stack]:
    folder = locked(variant)
    secret = secrets.token_urlsafe(48)
    own = [f"APP_SECRET_KEY={secret}", *DEVELOPERS]
    (folder / ".env").write_text("\n".join(own), encoding="utf-8")
    override = tmp_path / "override.yaml"
    override.write_text(OVERRIDE, encoding="utf-8")
    stack = Stack(
        engine,
        variant,
        folder,
        {
            "COMPOSE_PROJECT_NAME": engine.name(),
            "COMPOSE_FILE": os.pathsep.join(["compose.yaml", str(override)]),
            "PORT": str(free_port()),
            "CONTRACT_SECRET_KEY": secret,
            "POSTGRES_PASSWORD": "p@ss/w:rd%20",
        },
    )
    try:
        yield stack
    finally:
        stack.compose("down", "--volumes", "--remove-orphans", "--rmi=local", "--timeout=2")


def shown(folder: Path) -> tuple[str, str]:
    """The commands with which the README brings the stack up, and takes it down."""
    page = (folder / "README.md").read_text(encoding="utf-8").partition("## Put it into production")
    up, down = re.findall(r"^docker compose .*$", page[2], re.MULTILINE)
    return up, down


def meet_the_contract(stack: Stack) -> None:
    settings = {
        "CONTRACT_BASE_URL": stack.url,
        "CONTRACT_AUTH": stack.variant.auth,
        "CONTRACT_SECRET_KEY": stack.settings["CONTRACT_SECRET_KEY"],
    }
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(CONTRACT)]
    done = run(argv, cwd=CONTRACT.parents[2], env=os.environ | settings, timeout=540)
    assert done.ok, f"{done.output}\n{stack.compose('logs', 'app')}"
    passed = re.search(r"(\d+) passed", done.output)
    assert passed, done.output
    assert int(passed[1]) >= 30, done.output


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_stack_meets_the_contract_and_keeps_its_data(stack: Stack) -> None:
    up, down = shown(stack.folder)
    stack.compose("config", "--quiet")
    stack.run_as_shown(up)
    assert stack.inspect("migrate", "{{.State.Status}} {{.State.ExitCode}}") == "exited 0"
    meet_the_contract(stack)

    item = {"title": "Survives", "description": None}
    with httpx2.Client(base_url=stack.url, headers=stack.headers(), timeout=30) as client:
        place = client.post("/api/v1/items", json=item).raise_for_status().headers["location"]
    stack.run_as_shown(down)
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{stack.url}/health")
    stack.run_as_shown(up)
    with httpx2.Client(base_url=stack.url, headers=stack.headers(), timeout=30) as client:
        kept = client.get(place).raise_for_status().json()
    assert kept["title"] == "Survives"

    given = json.loads(stack.inspect("app", "{{json .Config.Env}}"))
    assert DEVELOPERS[0] in given
    assert not set(DEVELOPERS[1:]) & set(given)
    assert stack.variant.auth == "none" or "APP_TRUSTED_PROXIES=1" in given
    assert_locked_down(stack)
    logs = stack.compose("logs", "app", "migrate")
    assert not re.search(r"\b(ERROR|CRITICAL|Traceback)\b", logs), logs
    # the larger images, with the driver of PostgreSQL
    most = {"fastapi": 210, "flask": 190}[stack.variant.framework]
    image = stack.inspect("app", "{{.Image}}")
    size = stack.engine.check("image", "inspect", "--format={{.Size}}", image)
    assert int(size) / 1e6 <= most


def assert_locked_down(stack: Stack) -> None:
    """Nothing but the service is published, on loopback, and it has no rights."""
    for service in stack.compose("ps", "--services").split():
        published = json.loads(stack.inspect(service, "{{json .HostConfig.PortBindings}}"))
        own = {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": stack.settings["PORT"]}]}
        assert published == (own if service == "app" else {}), service
    host = json.loads(stack.inspect("app", "{{json .HostConfig}}"))
    assert (host["ReadonlyRootfs"], host["CapDrop"]) == (True, ["ALL"])
    assert host["SecurityOpt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize(
    "variant", [pytest.param(Variant(FRAMEWORKS[0]), id=f"{FRAMEWORKS[0]}-tokens-sqlite")]
)
def test_the_stack_asks_for_the_secret(stack: Stack) -> None:
    (stack.folder / ".env").unlink()
    up, _ = shown(stack.folder)
    done = run(shlex.split(up), cwd=stack.folder, env=os.environ | stack.settings, timeout=60)
    (stack.folder / ".env").write_text("APP_SECRET_KEY=for-the-end-of-the-test\n", encoding="utf-8")
    assert done.returncode != 0
    assert "APP_SECRET_KEY is missing a value: set it in .env" in done.output


@pytest.mark.parametrize(
    "variant",
    [pytest.param(Variant(FRAMEWORKS[0], "none", "postgresql"), id=f"{FRAMEWORKS[0]}-none")],
)
def test_the_steps_that_an_update_names_bring_the_data_of_17_to_18(
    stack: Stack, tmp_path: Path
) -> None:
    notes = tomllib.loads((TEMPLATES / "UPGRADES.toml").read_text(encoding="utf-8"))["upgrade"]
    [details] = [each["details"] for each in notes if "PostgreSQL 18" in each["summary"]]
    commands = re.findall(r"^    (.*)$", details, re.MULTILINE)
    tidy = commands.index("rm compose-17.yaml ~/app-17.dump")

    def execute(lines: list[str]) -> None:
        here = {"HOME": str(tmp_path)}
        docker = {"DOCKER_CONFIG": os.environ.get("DOCKER_CONFIG", str(Path.home() / ".docker"))}
        environment = os.environ | stack.settings | docker | here
        words = ["bash", "-euxc", "\n".join(lines)]
        done = run(words, cwd=stack.folder, env=environment, timeout=540)
        assert done.ok, done.output

    newest = stack.folder / "compose.yaml"
    now = newest.read_text(encoding="utf-8")
    before = now.replace("postgres:18", "postgres:17")
    before = re.sub(r"data:/var/lib/postgresql\b.*", "data:/var/lib/postgresql/data", before)
    newest.write_text(before, encoding="utf-8")
    author = "git -c user.name=Ann -c user.email=ann@example.com"
    execute(["git init -q", "git add compose.yaml", f"{author} commit -qm Before"])
    stack.run_as_shown("docker compose up --build --wait")
    item = {"title": "Survives", "description": None}
    with httpx2.Client(base_url=stack.url, timeout=30) as client:
        place = client.post("/api/v1/items", json=item).raise_for_status().headers["location"]

    newest.write_text(now, encoding="utf-8")
    execute(commands[:tidy])
    assert httpx2.get(f"{stack.url}{place}").raise_for_status().json()["title"] == "Survives"
    query = ("psql", "--username=app", "--tuples-only", "--command=SHOW server_version")
    assert stack.compose("exec", "-T", "db", *query).strip().startswith("18")
    kept = ("cat", "/var/lib/postgresql/old-17/PG_VERSION")
    assert stack.compose("exec", "-T", "db", *kept) == "17"
    execute(commands[tidy:])
    assert stack.compose("exec", "-T", "db", "ls", "/var/lib/postgresql") == "18"
