"""A project's own records say what it is after an update, and keep what people wrote in them."""

from __future__ import annotations

import shlex
import tomllib
from typing import TYPE_CHECKING

from .releases import add, frameworkpick, new
from .small import commit, content, git, make_project, update

if TYPE_CHECKING:
    from pathlib import Path

MINE = '\n# why: ask Kim\n[team]\nowner = "shop" # since 2026\n'


def test_another_framework_and_options_are_recorded_and_can_be_repeated(
    releases: dict[str, Path], tmp_path: Path
) -> None:
    release = releases["1.0.0"]
    project = new(release, tmp_path, "fastapi", "--no-git", "--date", "2026-01-01")
    record = project / ".frameworkpick.toml"
    record.write_text(record.read_text().replace("docker = true", "docker = true # on") + MINE)
    git(project, "init", "--quiet")
    commit(project)
    given = ("-a", "framework=flask", "-a", "docker=no", "-a", "ci=gitlab")
    frameworkpick(release, "update", "--yes", *given, cwd=project)
    text = record.read_text()
    assert MINE in text
    assert "docker = false # on\n" in text
    said = tomllib.loads(text)
    assert (said["framework"], said["options"]["framework"]) == ("flask", "flask")
    assert (said["options"]["docker"], said["options"]["ci"]) == (False, "gitlab")
    first, second = (project / f"docs/adr/000{n}-web-framework.md" for n in (1, 2))
    assert "status: superseded by ADR-0002\n" in first.read_text()
    assert "# Use FastAPI as the web framework" in first.read_text()
    assert "# Use Flask as the web framework" in second.read_text()
    assert "This supersedes [0001-web-framework.md]" in second.read_text()
    words = shlex.split(said["command"])[1:]
    frameworkpick(release, *words, "--no-git", "--no-install", cwd=_made(tmp_path / "again"))
    own, again = content(project), content(tmp_path / "again/shop")
    for path in (".env", ".frameworkpick.toml", *(p for p in own if p.startswith("docs/adr/"))):
        again.pop(path, own.pop(path))
    assert own == again
    frameworkpick(release, "update", "--abort", cwd=project)
    assert not git(project, "status", "--porcelain")


def test_a_record_in_another_form_is_only_added_to(template: Path, tmp_path: Path) -> None:
    project = make_project(template, tmp_path / "shop")
    odd = 'command = """\nfrom hand"""\n[options]\ndatabase.kind = 1\ncache = { size = 1 }\n'
    add(project / ".frameworkpick.toml", odd)
    commit(project)
    update(project, template)
    assert (project / ".frameworkpick.toml").read_text().startswith(f"{odd}\n[[updates]]\n")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
