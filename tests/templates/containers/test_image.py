"""What the image of a generated project holds, and what it does not."""

from __future__ import annotations

import json
import re
import tarfile
from typing import TYPE_CHECKING

import pytest

# one folder up is the nearest place both share
from ..projects import FRAMEWORKS  # noqa: TID252
from .conftest import DECOY

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Image

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.docker,
    pytest.mark.parametrize("framework", FRAMEWORKS),
]

#: Megabytes.
MOST = {"fastapi": 210, "flask": 190}
#: Programs that build or download; `pip` alone comes with the base image.
BUILDERS = {"uv", "uvx", "gcc", "cc", "c++", "g++", "make", "ld", "strip", "git", "curl"}


def test_it_is_small(image: Image, framework: str) -> None:
    assert int(image.inspect("{{.Size}}")) / 1e6 <= MOST[framework]


def test_it_runs_as_nobody_with_a_health_check_and_no_shell(image: Image) -> None:
    config = json.loads(image.inspect("{{json .Config}}"))
    assert config["User"] == "10001:10001"
    assert config["Entrypoint"] is None
    assert config["Cmd"] == ["python", "-m", image.variant.package_name]
    assert config["Healthcheck"]["Test"][:2] == ["CMD", "python"]


def test_nothing_of_the_developers_folder_is_in_it(image: Image) -> None:
    argv = ["-rl", "--exclude-dir=proc", "--exclude-dir=sys", DECOY, "/"]
    found = image.engine.once(image.tag, *argv, options=("--user=0", "--entrypoint=grep"))
    assert (found.returncode, found.output) == (1, "")


def test_it_holds_the_service_and_no_tool_that_made_it(image: Image, tmp_path: Path) -> None:
    engine, name, archive = image.engine, image.engine.name(), tmp_path / "image.tar"
    engine.check("create", f"--name={name}", image.tag)
    try:
        engine.check("export", f"--output={archive}", name)
    finally:
        engine.run("rm", "--force", "--volumes", name)
    with tarfile.open(archive) as tar:
        files = {member.name for member in tar if not member.isdir()}
    own = {file for file in files if file.startswith("app/") and "/.venv/" not in file}
    assert {file.split("/")[1] for file in own} == {"migrations", "pyproject.toml", "src"}
    assert "app/src/parts_store/app.py" in own
    programs = {file.rpartition("/")[2] for file in files if re.search(r"(^|/)s?bin/", file)}
    assert "python" in programs
    assert programs.isdisjoint(BUILDERS)
    caches = r"^root/\.cache/|^var/lib/apt/lists/.*Packages|\.deb$"
    assert not [file for file in files if re.search(caches, file)]
    packages = {file.split("/")[5] for file in files if file.startswith("app/.venv/lib/")}
    assert packages.isdisjoint({"pip", "pytest", "mypy", "ruff", "httpx2"})
    # bytecode is there from the beginning: nothing can be written later
    compiled = {re.sub(r"__pycache__/(\w+)\..*", r"\1.py", each) for each in own}
    assert {each for each in own if each.endswith(".py")} <= compiled


def test_a_change_of_the_source_leaves_the_dependencies_cached(image: Image) -> None:
    source = image.folder / "src" / "parts_store" / "services.py"
    before = source.read_text(encoding="utf-8")
    tag = image.engine.name()
    # one that no build has seen before, in this run or another
    source.write_text(f"{before}\n# {tag}\n", encoding="utf-8")
    try:
        log = image.engine.build(image.folder, tag)
        text = image.engine.check("run", "--rm", tag, "tail", "-1", "src/parts_store/services.py")
    finally:
        source.write_text(before, encoding="utf-8")
        image.engine.run("image", "rm", "--force", tag)
    assert text == f"# {tag}"
    steps = dict(re.findall(r"^#(\d+) \[build [^\]]*\] (.*)", log, re.MULTILINE))
    done = {steps[number] for number in re.findall(r"^#(\d+) CACHED", log, re.MULTILINE)
            if number in steps}  # fmt: skip
    assert len([step for step in done if "--no-install-project" in step]) == 1
    assert not [step for step in done if step == "COPY src src"]
