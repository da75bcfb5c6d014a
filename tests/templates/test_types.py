"""Every supported combination is well typed, for the oldest Python that it supports.

Combinations whose Python and settings are equal to the byte are one case for the type checker.
"""

from __future__ import annotations

import hashlib
import time
import tomllib
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from .combinations import every_combination
from .projects import FRAMEWORKS, Project, Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


def content(variant: Variant, folder: Path) -> str:
    """Everything the type checker reads of a project, as one value."""
    digest = hashlib.sha256(f"{variant.framework} {variant.python_version}".encode())
    settings = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    digest.update(repr(settings["mypy"]).encode())
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def grouped(rendered: Iterable[tuple[Variant, Path]]) -> dict[str, list[tuple[Variant, Path]]]:
    groups = defaultdict(list)
    for variant, folder in rendered:
        groups[content(variant, folder)].append((variant, folder))
    return groups


def test_only_what_reads_the_same_to_a_type_checker_is_one_case(tmp_path: Path) -> None:
    name = FRAMEWORKS[0]
    same = [Variant(name), Variant(name, ci="none", docker=False)]
    other = [
        Variant(name, auth="none"),
        Variant(name, database="postgresql"),
        Variant(name, python_version="3.12"),
    ]
    groups = grouped(
        (variant, variant.render(tmp_path / variant.id)) for variant in [*same, *other]
    )
    assert sorted(len(members) for members in groups.values()) == [1, 1, 1, 2]


@pytest.mark.matrix
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_combination_passes_the_strict_type_check(
    everything_rendered: dict[Variant, Path],
    installed: Callable[..., Project],
    tell: Callable[[str], None],
    tmp_path: Path,
    framework: str,
) -> None:
    # The fullest environment of a framework; what a project itself lacks its own tests notice.
    tools = installed(framework, "tokens", "postgresql")
    groups = grouped(pair for pair in everything_rendered.items() if pair[0].framework == framework)
    assert sum(map(len, groups.values())) == len(every_combination()) / len(FRAMEWORKS)
    began = time.monotonic()
    for members in groups.values():
        variant, folder = members[0]
        words = ["--python-version", variant.python_version, "--cache-dir", str(tmp_path / "cache")]
        done = Project(variant, folder).run("mypy", *words, env={"PATH": tools.environ({})["PATH"]})
        assert done.ok, f"{[each.id for each, _ in members]}:\n{done.output}"
        assert "no issues found" in done.output
    seconds = time.monotonic() - began
    count = sum(map(len, groups.values()))
    tell(f"{framework}: {count} combinations are {len(groups)} to mypy, {seconds:.0f} s")
