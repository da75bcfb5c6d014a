"""The templates are one tree; a third framework is a folder: of bodies, or with its own tree."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from frameworkpick import catalog
from frameworkpick.render import render

from .projects import FRAMEWORKS, TEMPLATES, Variant

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = TEMPLATES / "project"
PACKAGE = "src/{{ package_name }}"
ANSWERS = "{{ _copier_conf.answers_file }}.jinja"
#: Jinja's marks; Swagger UI's files hold all sorts of characters.
JINJA = re.compile(rb"\{[{%#]")
#: Everything that a framework of bodies has to say.
BODIES = {
    "README.md.jinja": ["name", "run", "env", "server", "where", "sync", "proxy"],
    "AGENTS.md.jinja": ["name", "rule"],
    "pyproject.toml.jinja": ["mypy"],
    "__main__.py.jinja": ["stdlib", "libraries", "package", "serve"],
    "tests/conftest.py.jinja": ["imports", "server", "client"],
    "tests/test_main.py.jinja": ["stdlib", "typing", "libraries", "package", "limits"],
}
INCLUDED = re.compile(r'framework ~ "/([^"]+)"')


def bodies() -> set[str]:
    """The bodies that files of the tree take from the framework's folder."""
    texts = (path.read_text("utf-8") for path in PROJECT.rglob("*.jinja"))
    return {name for text in texts for name in INCLUDED.findall(text)}


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """The templates with a third framework that nothing but its folder knows of."""
    root = shutil.copytree(TEMPLATES, tmp_path / "templates")
    known = (root / "flask/framework.toml").read_text("utf-8")
    (root / "tiny").mkdir()
    known = known.replace("name = 'Flask'", "name = 'Tiny'").replace("rank = 2", "rank = 3")
    (root / "tiny/framework.toml").write_text(known, "utf-8")
    return root


def rendered(templates: Path, framework: str, folder: Path) -> dict[str, bytes]:
    variant = Variant(framework)
    data = {name: getattr(variant, name) for name in variant.__dataclass_fields__}
    render(templates, data, folder, version="1.0.0")
    return files(folder)


def test_a_framework_of_bodies_gets_everything_else(templates: Path, tmp_path: Path) -> None:
    for name in bodies():
        parts = [f'{{% set {part} = "its own {part}\\n" %}}' for part in BODIES.get(name, ())]
        text = "\n".join(parts) if parts else "# its own\n"
        if name == "pyproject.toml.jinja":
            text += '{% set dependencies = ["tiny"] %}'
        (templates / "tiny" / name).parent.mkdir(exist_ok=True)
        (templates / "tiny" / name).write_text(text, "utf-8")
    assert [each.id for each in catalog.load_knowledge(root=templates).frameworks][-1] == "tiny"
    made = rendered(templates, "tiny", tmp_path / "tiny")
    other = rendered(templates, "flask", tmp_path / "flask")
    assert made.keys() == other.keys()
    for name in ("models.py", "services.py", "static/index.html"):
        assert made[f"src/parts_store/{name}"] == other[f"src/parts_store/{name}"]
    assert made["src/parts_store/app.py"] == b"# its own\n"
    assert b"Built on its own name" in made["README.md"]
    assert b'"tiny"' in made["pyproject.toml"]
    assert b"framework: tiny" in made[".copier-answers.yml"]


def test_a_framework_with_a_tree_of_its_own_gets_that_alone(
    templates: Path, tmp_path: Path
) -> None:
    own = templates / "tiny/project"
    own.mkdir()
    shutil.copy(PROJECT / ANSWERS, own)
    (own / "README.md.jinja").write_text("# {{ project_name }}\n", "utf-8")
    (own / "Dockerfile").write_text("FROM scratch\n", "utf-8")
    made = rendered(templates, "tiny", tmp_path / "tiny")
    assert made.keys() == {".copier-answers.yml", "README.md", "Dockerfile"}
    assert made["README.md"] == b"# parts-store\n"
    assert b"framework: tiny" in made[".copier-answers.yml"]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_framework_holds_what_the_tree_includes_and_nothing_else(framework: str) -> None:
    assert {*files(TEMPLATES / framework)} == {"framework.toml", *bodies()}


def test_the_files_that_hold_jinja_say_so() -> None:
    held = files(TEMPLATES)
    tree = {name for name in held if name.startswith("project/") and "/static/" not in name}
    assert {n for n in tree if n.endswith(".jinja")} == {n for n in tree if JINJA.search(held[n])}
    assert not [path for path in TEMPLATES.rglob("*") if path.is_symlink()]


def test_no_name_holds_jinja_but_the_package_and_the_record() -> None:
    parts = {part for name in files(TEMPLATES) for part in name.split("/") if "{" in part}
    assert parts == {"{{ package_name }}", ANSWERS}
