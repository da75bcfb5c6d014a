"""What a team's template may do while it is rendered, and what is said of one that goes wrong."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from frameworkpick.render.limits import limited

from .house import FAST, commit, edit, git, make_template, write

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Shell

pytestmark = pytest.mark.version


def refused(shell: Shell, template: Path, **env: str) -> str:
    words = ("--framework", "tiny", "--template-url", template)
    done = shell.pick("new", "shop", *FAST, *words, cwd=template.parent, code=1, env=env)
    assert not (template.parent / "shop").exists()
    return done.stderr


def test_a_file_that_the_template_gives_away_is_left_alone(shell: Shell, tmp_path: Path) -> None:
    template = make_template(
        tmp_path / "small", '_skip_if_exists: ["notes/*.md", "{{ project_name }}.txt"]\n', "first"
    )
    files = {"notes/one.md": "one\n", "notes/two.md": "two\n", "shop.txt": "shop\n"}
    for name, text in files.items():
        write(template / "tiny/project" / name, text)
    commit(template, "x", "v1.0.0")
    named = ("--template-url", template)
    shell.pick("new", "shop", *FAST, "--framework", "tiny", *named, cwd=tmp_path)
    project = tmp_path / "shop"
    assert (project / "notes/one.md").read_text() == "one\n"
    write(project / "notes/one.md", "mine\n")
    (project / "notes/two.md").unlink()
    git(project, "init", "--quiet")
    commit(project)
    for name in files:
        write(template / "tiny/project" / name, "newer\n")
    write(template / "tiny/project/notes/three.md", "three\n")
    edit(template / "tiny/project/README.md.jinja", "\n", "\nNews.\n")
    commit(template, "x", "v1.1.0")
    said = json.loads(shell.pick("check", "--json", *named, cwd=project, code=3).stdout)
    [found] = said["projects"]
    assert found["ignored"] == ["notes/one.md", "shop.txt"]
    assert found["counts"]["conflicting"] == 0
    shell.pick("update", "--yes", *named, cwd=project)
    assert (project / "notes/one.md").read_text() == "mine\n"
    assert (project / "shop.txt").read_text() == "shop\n"
    assert (project / "notes/three.md").read_text() == "three\n"
    assert not (project / "notes/two.md").exists()
    assert "News." in (project / "README.md").read_text()


@pytest.mark.matrix
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt.jinja", "\n{{ nothing.there }}\n", "tiny/project/a.txt.jinja, line 2: "),
        ("b.txt.jinja", "\n\n{% if %}\n", "tiny/project/b.txt.jinja, line 3: "),
        ("c.txt.jinja", "{% include 'none' %}\n", "tiny/project/c.txt.jinja, line 1: "),
        ("d.txt.jinja", "{% extends '_shared/d' %}\n", "_shared/d, line 1: "),
        ("{{ nothing.there }}.txt", "", "tiny/project/{{ nothing.there }}.txt"),
    ],
)
def test_an_error_names_the_file_and_the_line(
    shell: Shell, tmp_path: Path, name: str, text: str, said: str
) -> None:
    template = make_template(tmp_path / "small")
    write(template / "tiny/project" / name, text)
    write(template / "_shared/d", "{{ nothing.there }}\n")
    commit(template, "x", "2.0.0")
    assert f"The template could not be rendered in {said}" in refused(shell, template)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts neither")
def test_a_template_without_an_end_is_ended(shell: Shell, tmp_path: Path) -> None:
    template = make_template(tmp_path / "small")
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    write(template / "tiny/project/a.txt.jinja", f"\n{endless}\n")
    commit(template, "x", "2.0.0")
    began = time.monotonic()
    said = refused(shell, template, FRAMEWORKPICK_RENDER_SECONDS="2")
    assert time.monotonic() - began < 60
    assert "it still rendered after 2 seconds of computing in tiny/project/a.txt.jinja" in said
    assert "FRAMEWORKPICK_RENDER_SECONDS allows more" in said


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit")
def test_a_template_that_eats_memory_is_ended(shell: Shell, tmp_path: Path) -> None:
    template = make_template(tmp_path / "small")
    write(template / "tiny/project/a.txt.jinja", "{{ 'x' * 9999999999 }}\n")
    commit(template, "x", "2.0.0")
    said = refused(shell, template)
    assert "it wanted more than 1024 MiB of memory in tiny/project/a.txt.jinja, line 1." in said


@pytest.mark.skipif(sys.platform != "linux", reason="only there memory is bounded")
def test_threads_that_render_leave_the_memory_of_the_process_alone() -> None:
    import resource  # noqa: PLC0415 (POSIX only)

    def inside() -> tuple[int, int]:
        with limited():
            return resource.getrlimit(resource.RLIMIT_AS)

    before = resource.getrlimit(resource.RLIMIT_AS)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(inside).result() == before
