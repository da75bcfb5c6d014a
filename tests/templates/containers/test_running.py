"""The image, run as a careful operator runs it: nothing to write to, and no rights."""

from __future__ import annotations

import re
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

# one folder up is the nearest place both share
from ..projects import FRAMEWORKS  # noqa: TID252
from .engine import PATIENCE

if TYPE_CHECKING:
    from .conftest import Image
    from .engine import Container

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.docker,
    pytest.mark.parametrize("framework", FRAMEWORKS),
]

#: How a server logs that a worker has started.
WORKER = re.compile(r"Started server process \[\d+\]|Booting worker with pid")
FAULT = re.compile(r"error|critical|traceback|warning|died", re.IGNORECASE)
CPUS = "from parts_store.__main__ import usable_cpus; print(usable_cpus())"


def workers(container: Container) -> int:
    return len(WORKER.findall(container.logs()))


def assert_has_workers(container: Container, number: int) -> None:
    """So many and no more; the first that is ready answers while the others still start."""
    until = time.monotonic() + PATIENCE
    while workers(container) < number:
        assert time.monotonic() < until, container.logs()
        time.sleep(0.1)
    assert workers(container) == number, container.logs()


def assert_ends_at_once(container: Container) -> None:
    """SIGTERM, with connections open as pools and browsers keep them."""
    took = seconds_to_end(container)
    assert container.inspect("{{.State.ExitCode}}") == "0", container.logs()
    assert took < 2, f"{took}\n{container.logs()}"


def seconds_to_end(container: Container) -> float:
    with ExitStack() as stack:
        for _ in range(4):
            kept = HTTPConnection("127.0.0.1", container.port, timeout=10)
            stack.callback(kept.close)
            kept.request("GET", "/health")
            assert kept.getresponse().read() == b'{"status":"ok"}'
        return container.stop()


def test_production_refuses_to_start_without_a_secret(image: Image) -> None:
    done = image.engine.once(image.tag)
    assert done.returncode == 1
    assert done.output == "APP_SECRET_KEY must be set in production\n"


def test_every_wrong_setting_is_named_in_a_line(image: Image) -> None:
    options = (image.secret_option, "--env=PORT=http", "--env=WEB_CONCURRENCY=0")
    done = image.engine.once(image.tag, options=options)
    assert done.returncode == 1
    lines = done.output.splitlines()
    assert [line.split(":")[0] for line in lines] == ["PORT", "WEB_CONCURRENCY"]


def test_it_serves_on_one_cpu_and_ends(image: Image) -> None:
    with image.engine.container(image.tag, image.secret_option, "--cpus=1") as container:
        container.wait("/health")
        container.wait("healthy")
        assert container.exec("id", "-u") == "10001"
        assert_has_workers(container, 1)
        assert container.get("/ready") == 503
        migration = ("--read-only", f"--volumes-from={container.name}", image.secret_option)
        done = image.engine.once(image.tag, "alembic", "upgrade", "head", options=migration)
        assert done.ok, done.output
        assert container.get("/ready") == 200
        assert container.get("/docs") == 200
        assert_ends_at_once(container)
        assert not FAULT.findall(container.logs()), container.logs()


def test_it_serves_with_several_workers_on_another_port_and_ends(image: Image) -> None:
    options = (image.secret_option, "--env=WEB_CONCURRENCY=3", "--env=PORT=9000")
    with image.engine.container(image.tag, *options, port=9000) as container:
        container.wait("healthy")
        assert_has_workers(container, 3)
        assert_ends_at_once(container)
        assert not FAULT.findall(container.logs()), container.logs()


def test_workers_have_time_to_start(image: Image) -> None:
    """A quarter of a CPU for two: none is taken for dead before it serves."""
    options = (image.secret_option, "--env=WEB_CONCURRENCY=2", "--cpus=0.25")
    with image.engine.container(image.tag, *options) as container:
        container.wait("/health")
        assert not FAULT.findall(container.logs()), container.logs()


def test_it_ends_with_0_whoever_is_process_1(image: Image) -> None:
    with image.engine.container(image.tag, image.secret_option, "--cpus=1", "--init") as container:
        container.wait("/health")
        assert_ends_at_once(container)


@pytest.mark.parametrize(
    ("limit", "cpus"),
    [("--cpus=1", 1), ("--cpus=0.5", 1), ("--cpus=1.5", 2), ("--cpuset-cpus=0", 1)],
)
def test_the_limit_of_the_container_counts(image: Image, limit: str, cpus: int) -> None:
    """Not the CPUs of the machine, which has two or more."""
    done = image.engine.once(image.tag, "python", "-c", CPUS, options=(limit, "--read-only"))
    assert done.output.strip() == str(cpus)


def test_without_a_limit_every_cpu_has_a_worker(image: Image) -> None:
    done = image.engine.once(image.tag, "python", "-c", CPUS)
    assert done.output.strip() == image.engine.check("info", "--format={{.NCPU}}")
