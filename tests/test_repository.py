"""The repository keeps its own rules."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_layers_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_lock_file_and_no_registry_address_is_committed() -> None:
    registry = re.compile(r"//[a-z0-9.-]*(?:pypi|pythonhosted|npmjs)\.[a-z]+")
    for path in tracked():
        assert path.name not in {"uv.lock", "pylock.toml", "package-lock.json", "poetry.lock"}
        if path.name.startswith("swagger-ui"):
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        assert not registry.search(text), path


def test_no_file_of_ours_outgrows_the_head() -> None:
    for path in tracked():
        if path.suffix == ".py" and path.is_relative_to(ROOT / "src"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, path


def test_modules_are_named_by_nouns() -> None:
    modules = [path.stem for path in tracked() if path.is_relative_to(ROOT / "src")]
    assert [name for name in modules if name.endswith("ing")] == []


def definitions() -> Iterator[tuple[Path, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield every class and function of ours with its file."""
    source = ROOT / "src"
    for path in tracked():
        if path.suffix == ".py" and path.is_relative_to(source):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    yield path.relative_to(source), node


def test_no_class_name_means_two_things() -> None:
    homes: dict[str, list[str]] = {}
    for path, node in definitions():
        if isinstance(node, ast.ClassDef):
            homes.setdefault(node.name, []).append(path.as_posix())
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_no_list_of_parameters_is_long() -> None:
    """The verbs in ``cli`` have one parameter for each flag."""
    for path, node in definitions():
        if not isinstance(node, ast.ClassDef) and "cli" not in path.parts:
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            names = [each.arg for each in given if each.arg not in {"self", "cls"}]
            assert len(names) <= 8, f"{path}: {node.name}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    """import-linter holds the layers; this holds the inside of each room."""
    assert list(circles(imports_of_every_module(ROOT / "src"))) == []


def test_a_circle_is_found() -> None:
    found = circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set(), "e": {"a"}})
    assert list(found) == [{"b", "c"}]


def imports_of_every_module(source: Path) -> dict[str, set[str]]:
    """Return which modules each one imports anywhere, for its types alone too."""
    files = {}
    for path in source.rglob("*.py"):
        parts = path.relative_to(source).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    found: dict[str, set[str]] = {}
    for module, path in files.items():
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        names = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {each.name for each in node.names}
            elif isinstance(node, ast.ImportFrom):
                above = ".".join(package.split(".")[: 1 - node.level or None])
                base = ".".join(filter(None, [above if node.level else "", node.module]))
                whole = (f"{base}.{each.name}" for each in node.names)
                names |= {name if name in files else base for name in whole}
        found[module] = names & files.keys() - {module}
    return found


def circles(imports: dict[str, set[str]]) -> Iterator[set[str]]:
    """Yield each group of modules that reach each other."""

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        left = [start]
        while left:
            new = imports[left.pop()] - found
            found |= new
            left += new
        return found

    every = {module: reached(module) for module in imports}
    seen: set[str] = set()
    for module, found in every.items():
        if module in found and module not in seen:
            circle = {other for other in found if module in every[other]}
            seen |= circle
            yield circle


def test_no_sentence_of_an_error_decides_what_happens() -> None:
    """What a caller must tell apart is a subclass or a field."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in tracked()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "src")
        for line in sentences_asked(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found


def test_that_check_finds_what_it_looks_for() -> None:
    wrong = """
try:
    work()
except GitError as error:
    if error.hint:
        raise
    if error.hint == "this" or error.message[:3] == "git" or "no" in str(error):
        raise
    if error.message.startswith("git"):
        raise
    print(f"{error.message} {error.hint}".strip())
"""
    assert sorted(sentences_asked(ast.parse(wrong))) == [5, 7, 7, 7, 9]


def sentences_asked(tree: ast.Module) -> Iterator[int]:
    """Yield the lines that compare, cut, search or ask for the words of a caught error."""
    for handler in ast.walk(tree):
        if not isinstance(handler, ast.ExceptHandler) or handler.name is None:
            continue
        name = handler.name
        said = {
            f"{name}.hint",
            f"{name}.message",
            f"str({name})",
            *(f"{name}.args[{n}]" for n in "01"),
        }
        for node in ast.walk(handler):
            match node:
                case ast.If(test=asked) | ast.IfExp(test=asked) | ast.Subscript(value=asked):
                    asked_for = [asked]
                case ast.BoolOp(values=values):
                    asked_for = values
                case ast.Compare(left=left, comparators=others):
                    asked_for = [left, *others]
                case ast.Call(func=ast.Attribute(value=text, attr=method)):
                    asked_for = [text] if method in {"startswith", "endswith", "find"} else []
                case _:
                    asked_for = []
            yield from (each.lineno for each in asked_for if ast.unparse(each) in said)


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_the_readme_gives_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("main", "test"):
        block = re.search(rf"<!-- command: {name} -->\n```sh\n(.+)\n```", text)
        assert block, name
        assert block[1].startswith("python3 -m venv .venv && ")
