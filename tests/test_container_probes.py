"""The parts of ``verify --docker`` and ``--compose`` that need no engine."""

from __future__ import annotations

import copy
import io
import signal
import tarfile
from pathlib import Path, PurePath
from typing import Any

import pytest

from frameworkpick import process
from frameworkpick.errors import FrameworkpickError
from frameworkpick.probes import ProbeResult, Status, sandbox
from frameworkpick.probes.containers import compose_model, container, decoys, engine
from frameworkpick.probes.containers.engine import Engine
from frameworkpick.probes.containers.image import not_root, served_port

# --- what a compose file says ---------------------------------------------------------------

COPY = PurePath("/copy")


def model() -> dict[str, Any]:
    """A model as `docker compose config` prints it, with much that belongs to its owner."""
    return {
        "name": "shop",
        "services": {
            "app": {
                "build": {"context": "/copy", "tags": ["registry/shop:1"]},
                "image": "registry/shop:latest",
                "container_name": "shop",
                "environment": {"APP_LOGIN_RATE": "3/minute", "APP_SECRET_KEY": "s"},
                "ports": [{"host_ip": "127.0.0.1", "target": 8000, "published": "8000"}],
                "volumes": [{"type": "bind", "source": "/copy/data", "target": "/x"}],
            },
            "db": {
                "image": "postgres:18",
                "environment": {"POSTGRES_DB": "shop"},
                "ports": [{"host_ip": "127.0.0.1", "target": 5432, "published": "5432"}],
            },
        },
        "networks": {"default": {"name": "shop_default", "ipam": {}}},
        "volumes": {"data": {"name": "shop_data", "external": True}, "more": None},
    }


def apart() -> dict[str, Any]:
    return compose_model.set_apart(
        model(), name="verify-1", labels={"run": "1"}, settings={"APP_LOGIN_RATE": "15/minute"}
    )


def test_services_set_apart_use_no_name_of_the_owners() -> None:
    found = apart()
    assert found["name"] == "verify-1"
    assert {thing["name"] for thing in found["volumes"].values()} == {
        "verify-1_data",
        "verify-1_more",
    }
    assert "external" not in found["volumes"]["data"]
    assert found["networks"]["default"]["name"] == "verify-1_default"
    app = found["services"]["app"]
    assert not {"container_name", "image"} & set(app)
    assert "tags" not in app["build"]
    assert found["services"]["db"]["image"] == "postgres:18"


def test_everything_that_is_made_is_labelled() -> None:
    found = apart()
    made = [
        *found["services"].values(),
        found["services"]["app"]["build"],
        *found["networks"].values(),
        *found["volumes"].values(),
    ]
    assert all(thing["labels"] == {"run": "1"} for thing in made)


def test_ports_are_chosen_by_the_engine_on_the_loopback_address() -> None:
    data = model()
    data["services"]["db"]["ports"][0]["host_ip"] = "10.0.0.5"
    found = compose_model.set_apart(data, name="x", labels={}, settings={})
    for service in found["services"].values():
        assert [port["host_ip"] for port in service["ports"]] == ["127.0.0.1"]
        assert all("published" not in port for port in service["ports"])


def test_only_services_of_the_project_get_settings_and_the_model_stays_as_it_is() -> None:
    before = model()
    given = copy.deepcopy(before)
    found = compose_model.set_apart(
        given, name="x", labels={}, settings={"APP_LOGIN_RATE": "15/minute"}
    )
    app = found["services"]["app"]["environment"]
    assert app == {"APP_LOGIN_RATE": "15/minute", "APP_SECRET_KEY": "s"}
    assert found["services"]["db"]["environment"] == {"POSTGRES_DB": "shop"}
    assert given == before


def test_the_service_of_the_project_is_asked_whatever_the_order() -> None:
    data = model()
    data["services"] = dict(reversed(data["services"].items()))
    assert compose_model.web(data) == ("app", 8000)
    data["services"]["app"].pop("ports")
    assert compose_model.web(data) == ("db", 5432)
    data["services"]["db"].pop("ports")
    assert compose_model.web(data) is None


@pytest.mark.parametrize(
    ("address", "reachable"),
    [("127.0.0.1", False), ("::1", False), ("", True), ("0.0.0.0", True), ("10.0.0.5", True)],  # noqa: S104 (what must be found)
)
def test_a_port_beyond_the_loopback_address_is_told(address: str, *, reachable: bool) -> None:
    data = model()
    data["services"]["db"]["ports"][0]["host_ip"] = address
    found = compose_model.exposed(data)
    assert found == ([f"db publishes 5432 on {address or '0.0.0.0'}"] if reachable else [])  # noqa: S104


def test_a_stack_of_its_own_folder_touches_nothing_else() -> None:
    assert compose_model.beyond(model(), COPY) == []


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"volumes": [{"type": "bind", "source": "/srv/data"}]}, "app mounts /srv/data"),
        ({"volumes": [{"type": "bind", "source": "/copy2"}]}, "app mounts /copy2"),
        (
            {"volumes": [{"type": "bind", "source": "/run/docker.sock", "read_only": True}]},
            "app mounts /run/docker.sock",
        ),
        ({"network_mode": "host"}, "app takes network_mode from host"),
        ({"pid": "container:other"}, "app takes pid from container:other"),
    ],
)
def test_a_service_that_reaches_into_this_machine_is_told(
    change: dict[str, Any], phrase: str
) -> None:
    data = model()
    data["services"]["app"].update(change)
    assert compose_model.beyond(data, COPY) == [phrase]


@pytest.mark.parametrize(
    "change",
    [
        {"volumes": [{"type": "bind", "source": "/etc/localtime", "read_only": True}]},
        {"volumes": [{"type": "volume", "source": "data"}]},
        {"network_mode": "service:db"},
    ],
)
def test_what_only_reads_or_stays_inside_is_allowed(change: dict[str, Any]) -> None:
    data = model()
    data["services"]["app"].update(change)
    assert compose_model.beyond(data, COPY) == []


def test_a_volume_that_is_a_folder_of_this_machine_is_told() -> None:
    data = model()
    data["volumes"]["data"]["driver_opts"] = {"type": "none", "o": "bind", "device": "/srv"}
    assert compose_model.beyond(data, COPY) == ["the volume data is /srv"]


# --- decoys ---------------------------------------------------------------------------------


def saved_image(path: Path, *layers: dict[str, bytes]) -> Path:
    """A saved image with these layers, and a description beside them."""
    with tarfile.open(path, "w") as image:
        for number, files in enumerate(layers):
            layer = io.BytesIO()
            with tarfile.open(fileobj=layer, mode="w:gz" if number % 2 else "w") as archive:
                add(archive, files)
            add(image, {f"blobs/{number}": layer.getvalue()})
        add(image, {"manifest.json": b"[]"})
    return path


def add(archive: tarfile.TarFile, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))


def test_a_decoy_is_found_in_any_layer_under_any_name(tmp_path: Path) -> None:
    text = decoys.put(tmp_path / "project")
    for place in (".env", ".git/config", "tests/test_decoy.py", "app.db"):
        assert (tmp_path / "project" / place).read_bytes() == text
    other = bytes(reversed(text))
    archive = saved_image(
        tmp_path / "image.tar",
        {"bin/sh": b"#!", "app/.env": text},
        {"app/.wh..env": b"", "app/renamed": text, "app/.env": other},
    )
    assert decoys.search(archive, text) == (["/app/.env", "/app/renamed"], 2)


def test_an_image_without_decoys_is_clean(tmp_path: Path) -> None:
    text = decoys.put(tmp_path / "project")
    archive = saved_image(tmp_path / "image.tar", {"app/.env": b"x" * len(text)}, {"a": b""})
    assert decoys.search(archive, text) == ([], 2)


def test_every_run_has_its_own_decoys(tmp_path: Path) -> None:
    assert decoys.put(tmp_path / "a") != decoys.put(tmp_path / "b")


# --- the image ------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["", "root", "0", "0:0", "root:app"])
def test_an_image_that_runs_as_root_fails(user: str) -> None:
    assert not_root({"User": user}).status is Status.FAILED


@pytest.mark.parametrize("user", ["app", "10001", "10001:10001"])
def test_an_image_with_another_user_passes(user: str) -> None:
    assert not_root({"User": user}).passed


@pytest.mark.parametrize(
    ("ports", "expected"),
    [({"80/tcp": {}}, 80), ({"53/udp": {}, "81/tcp": {}}, 81), ({"1/tcp": {}, "2/tcp": {}}, 8000),
     ({}, 8000), (None, 8000)],
)  # fmt: skip
def test_the_port_is_the_one_the_image_exposes(ports: object, expected: int) -> None:
    assert served_port({"ExposedPorts": ports}) == expected


@pytest.mark.parametrize(
    "line",
    ["ERROR:    Exception in ASGI application", "[1] [CRITICAL] WORKER TIMEOUT",
     "Traceback (most recent call last):", '{"level": "ERROR"}'],
)  # fmt: skip
def test_an_error_in_the_log_is_shown(line: str) -> None:
    found = container.log_clean(f"INFO started\n{line}\n", "image")
    assert found.status is Status.FAILED
    assert line in found.evidence


def test_a_log_without_errors_is_clean() -> None:
    assert container.log_clean("INFO GET /errors 404\nINFO ErrorHandler ready\n", "image").passed


# --- the engine -----------------------------------------------------------------------------


def test_only_the_docker_program_learns_where_the_engine_is() -> None:
    caller = {"DOCKER_HOST": "unix:///x", "DOCKER_CONFIG": "/c", "HOME": "/h",
              "COMPOSE_FILE": "other.yaml", "COMPOSE_PROJECT_NAME": "shop", "APP_SECRET_KEY": "x",
              "BUILDX_BUILDER": "far-away"}  # fmt: skip
    kept = {"DOCKER_HOST": "unix:///x", "DOCKER_CONFIG": "/c", "HOME": "/h"}
    assert sandbox.engine_environment(caller) == kept
    assert "DOCKER_HOST" not in sandbox.clean_environment(caller, Path("/copy/bin"))


def test_settings_are_for_the_owners_eyes_only(tmp_path: Path) -> None:
    path = sandbox.write_settings(tmp_path / "settings", {"A": "1", "B": "x=y"})
    assert path.read_text() == "A=1\nB=x=y\n"
    assert path.stat().st_mode & 0o777 == 0o600


#: Keeps a list of what it has made; `leave` says that nothing can be removed.
DOCKER = """#!/bin/sh
case "$1 $2" in
  "ps --all") echo "WARNING: an old config"; [ -e made ] && sed 's/^/id=/' made || true ;;
  "rm --force") [ -e leave ] && { echo "permission denied"; exit 1; } || rm -f made ;;
  "make it") echo one > made ;;
esac
"""


@pytest.fixture
def fake(tmp_path: Path) -> Engine:
    """An engine whose program knows containers only."""
    program = tmp_path / "docker"
    program.write_text(DOCKER)
    program.chmod(0o755)
    environment = {"PATH": "/usr/bin:/bin"}
    return Engine(str(program), environment, tmp_path, "image", lambda _: None, ("s3cret",))


def test_what_a_run_makes_is_removed_and_its_secrets_are_not_shown(fake: Engine) -> None:
    def prove() -> list[ProbeResult]:
        fake.run("make", "it")
        return [ProbeResult("a", "setup", Status.FAILED, 0.0, "the key is s3cret.")]

    first, removed = fake.proving(prove)
    assert (first.evidence, first.place) == ("the key is (secret).", "image")
    assert removed.passed
    assert not (fake.folder / "made").exists()


def test_what_cannot_be_removed_is_a_failure_in_the_engines_words(fake: Engine) -> None:
    (fake.folder / "leave").touch()
    fake.run("make", "it")
    [removed] = fake.proving(list)
    assert removed.status is Status.FAILED
    assert "Left in the engine: one." in removed.evidence
    assert "permission denied" in removed.evidence


def test_an_interrupted_run_is_removed_too(fake: Engine) -> None:
    def prove() -> list[ProbeResult]:
        fake.run("make", "it")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fake.proving(prove)
    assert not (fake.folder / "made").exists()


# --- what is missing ------------------------------------------------------------------------

#: Says what a `docker` without these parts would say.
PARTS = """#!/bin/sh
case "$1" in
  version) {version} ;;
  context) echo "id={host}" ;;
  compose) {compose} ;;
  buildx) {buildx} ;;
esac
"""


def find(tmp_path: Path, place: str, **parts: str) -> Engine:
    words = {"version": "echo 1", "host": "unix:///x", "compose": "true", "buildx": "true"}
    program = tmp_path / "docker"
    program.write_text(PARTS.format(**(words | parts)))
    program.chmod(0o755)
    caller = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    return engine.find(caller, tmp_path / "run", place, lambda _: None)


@pytest.mark.parametrize("place", ["image", "compose"])
@pytest.mark.parametrize("host", ["unix:///x", "tcp://127.0.0.1:2375", "tcp://localhost:2375", ""])
def test_an_engine_of_this_machine_is_found(place: str, host: str, tmp_path: Path) -> None:
    assert find(tmp_path, place, host=host).program == str(tmp_path / "docker")


@pytest.mark.parametrize(
    ("place", "parts", "message", "hint"),
    [
        ("image", {"version": "echo 'Cannot connect'; exit 1"}, "answers: Cannot connect", "Start"),
        ("image", {"buildx": "exit 1"}, "no buildx plugin", "docker-buildx-plugin"),
        ("compose", {"compose": "exit 1"}, "no compose plugin", "docker-compose-plugin"),
        ("image", {"host": "tcp://docker:2375"}, "another machine (docker)", "on that machine"),
        ("image", {"host": "ssh://me@far"}, "another machine (far)", "on that machine"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_with_what_to_do(
    place: str, parts: dict[str, str], message: str, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(FrameworkpickError) as refused:
        find(tmp_path, place, **parts)
    assert message in refused.value.message
    assert hint in refused.value.hint
    assert refused.value.exit_code == 1


@pytest.mark.parametrize(
    ("place", "parts"), [("image", {"compose": "exit 1"}), ("compose", {"buildx": "exit 1"})]
)
def test_a_part_that_is_not_used_may_be_missing(
    place: str, parts: dict[str, str], tmp_path: Path
) -> None:
    assert find(tmp_path, place, **parts).place == place


def interrupted_within(reached: list[str]) -> None:
    with process.held_signals():
        with process.held_signals():
            reached.append("inner")
        signal.raise_signal(signal.SIGINT)
        reached.append("outer")
    reached.append("beyond")


def test_signals_wait_until_the_outermost_block_ends() -> None:
    reached: list[str] = []
    with process.tidy_end(), pytest.raises(KeyboardInterrupt):
        interrupted_within(reached)
    assert reached == ["inner", "outer"]
