"""SIGKILL at any write: nothing is half-made, nothing is lost, and the next run works."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest

from .killing import ended_at, killed, writes
from .small import commit, content, git, lines, make_project, run, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MATRIX = pytest.mark.matrix
#: Of each of the two ways a project is kept, and of each of the places one is made in.
POINTS = 25
#: Of those, the first ones and the last: the files, the index, the move, the first commit.
FIRST, LAST = 3, 10


def spread(total: int, points: int = POINTS) -> list[int]:
    """Choose writes to be killed before: the first, the last, and others; always the same."""
    every = range(1, total + 1)
    ends = {*every[:FIRST], *every[-LAST:]}
    others = [number for number in every if number not in ends]
    chance = random.Random(total)  # noqa: S311 (no secret)
    return sorted({*ends, *chance.sample(others, min(points - len(ends), len(others)))})


@pytest.fixture(scope="module", params=["git", pytest.param("plain", marks=MATRIX)])
def original(
    request: pytest.FixtureRequest, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    project = make_project(template, folder / "shop", in_git=request.param == "git")
    write(
        project,
        {
            "both_other_lines.txt": lines("other").replace("other 2\n", "mine 2\n"),
            "both_same_line.txt": lines("same").replace("same 6", "mine 6"),
            "template_moves.txt": lines("moves").replace("moves 2\n", "mine 2\n"),
            "own.txt": "mine\n",
        },
    )
    if request.param == "git":
        commit(project)
    write(project, {".env": "APP_SECRET_KEY=mine\n"})
    return project


@pytest.fixture(scope="module")
def expected(original: Path, template: Path) -> tuple[int, dict[str, bytes]]:
    """The writes of an update, and what it makes of the project."""
    folder = original.parent / "reference"
    shutil.copytree(original, folder / "shop", symlinks=True)
    words = ("update", folder / "shop", "--template-url", template)
    return writes(folder, folder / "shop", *words), content(folder / "shop")


def survives(
    original: Path,
    template: Path,
    expected: tuple[int, dict[str, bytes]],
    at: int,
    kill: Callable[..., None] = killed,
) -> None:
    after, before = expected[1], content(original)
    folder = original.parent / f"killed-{at}"
    project = folder / "shop"
    shutil.copytree(original, project, symlinks=True)
    words = ("update", project, "--template-url", template)
    kill(folder, project, at, *words)
    for path, data in content(project).items():
        scratch = path.rpartition("/")[2].startswith(".frameworkpick-")
        assert scratch or data in (before.get(path), after.get(path)), (at, path)
    for path, data in before.items():
        there = project / path
        assert there.exists() or path not in after, (at, path)
        assert not there.exists() or there.read_bytes() in (data, after.get(path)), (at, path)
    done = run(*words, cwd=folder, code=None)
    if "not committed" in done.stderr or "Nothing to do" in done.stdout:  # it had come to its end
        assert content(project) == after
    else:
        assert done.returncode == 3, (at, done.stdout, done.stderr)
    assert content(project) == after, at
    if (project / ".git").exists():
        assert git(project, "diff", "--name-only", "--diff-filter=U") == "both_same_line.txt\n"
        assert set(git(project, "diff", "--name-only").split()) == {"both_same_line.txt"}
        assert not (project / ".git" / "index.lock").exists()
    run("update", project, "--abort", cwd=folder)
    assert content(project) == before, at
    shutil.rmtree(folder)


# Of all writes: the journal, the files, the index.
@pytest.mark.parametrize("part", [pytest.param(0.3, marks=MATRIX), 0.7])
def test_an_update_that_is_killed_is_undone_by_the_next(
    original: Path, template: Path, expected: tuple[int, dict[str, bytes]], part: float
) -> None:
    survives(original, template, expected, max(1, int(expected[0] * part)))


@pytest.mark.matrix
def test_an_update_that_is_killed_anywhere(
    original: Path, template: Path, expected: tuple[int, dict[str, bytes]]
) -> None:
    points = spread(expected[0])
    assert len(points) == POINTS
    for at in points:
        survives(original, template, expected, at)


@pytest.mark.matrix
def test_an_update_that_is_killed_with_every_git_it_started(
    original: Path, template: Path, expected: tuple[int, dict[str, bytes]]
) -> None:
    for percent in range(30, 100, 7):
        survives(original, template, expected, percent, ended_at)


def undone_in_the_end(
    original: Path, template: Path, updated: Path, points: Callable[[int], list[int]]
) -> None:
    """Kill `--abort` at some of its writes: the next run goes on undoing, whichever it is."""
    before, folder = content(original), updated.parent
    shutil.copytree(updated, folder / "counted/shop", symlinks=True)
    total = writes(folder, folder / "counted", "update", folder / "counted/shop", "--abort")
    for at in points(total):
        project = folder / f"again-{at}" / "shop"
        shutil.copytree(updated, project, symlinks=True)
        killed(folder, project, at, "update", project, "--abort")
        # before its first writes, the lock, the undoing has not begun: nobody goes on with it
        begun = not any(project.rglob("done"))
        goes_on = begun and at % 2
        words = ("--dry-run", "--template-url", template) if goes_on else ("--abort",)
        done = run("update", project, *words, cwd=folder, code=None)
        assert done.returncode in {0, 3} or "no update to undo" in done.stderr, (at, done.stderr)
        assert content(project) == before, at
        if (project / ".git").exists():
            assert not git(project, "status", "--porcelain"), at
            assert not (project / ".git/index.lock").exists(), at


@pytest.mark.matrix
def test_an_undoing_of_a_half_done_update_that_is_killed_too(
    original: Path, template: Path, expected: tuple[int, dict[str, bytes]]
) -> None:
    updated = original.parent / "half-done/shop"
    shutil.copytree(original, updated, symlinks=True)
    killed(updated.parent, updated, expected[0] - 1, "update", updated, "--template-url", template)
    undone_in_the_end(original, template, updated, lambda total: spread(total, 16))


@pytest.mark.parametrize("count", [1, pytest.param(16, marks=MATRIX)])
def test_an_undoing_of_a_finished_update_that_is_killed(
    original: Path, template: Path, count: int
) -> None:
    updated = original.parent / f"finished-{count}/shop"
    shutil.copytree(original, updated, symlinks=True)
    run("update", updated, "--template-url", template, cwd=updated.parent, code=3)
    # where only one is tried, in the midst of the files
    points = (lambda total: [total // 2 | 1]) if count == 1 else (lambda n: spread(n, count))
    undone_in_the_end(original, template, updated, points)


@pytest.mark.matrix
def test_an_edit_after_the_kill_is_never_overwritten(
    original: Path, template: Path, expected: tuple[int, dict[str, bytes]]
) -> None:
    folder = original.parent / "edited"
    project = folder / "shop"
    shutil.copytree(original, project, symlinks=True)
    words = ("update", project, "--template-url", template)
    killed(folder, project, expected[0] - 4, *words)
    write(project, {"both_other_lines.txt": "edited after the kill\n"})
    done = run(*words, cwd=folder, code=None)
    if (project / ".git").exists():
        assert done.returncode == 1
        assert "both_other_lines.txt" in done.stderr
        assert (project / "both_other_lines.txt").read_text() == "edited after the kill\n"
    else:
        kept = project / "both_other_lines.txt.before-update"
        assert kept.read_text() == lines("other").replace("other 2\n", "mine 2\n")
        assert b"edited after the kill" in b"".join(content(project).values())


NEW = ("new", "shop", "--yes", "--framework", "flask", "--no-install")
PLAIN = (*NEW, "--no-git")


def _empty(folder: Path) -> None:
    folder.mkdir()


def _cloned(folder: Path) -> None:
    (folder / "shop").mkdir(parents=True)
    git(folder / "shop", "init", "--quiet")
    git(folder / "shop", "config", "mark.of", "the clone")


def made_or_not(
    tmp_path: Path, prepare: Callable[[Path], None], at: int, words: tuple[str, ...]
) -> None:
    folder = tmp_path / f"at-{at}"
    prepare(folder)
    killed(tmp_path, folder, at, *words, "-o", folder)
    project = folder / "shop"
    held = {path.name for path in project.iterdir()} if project.exists() else set()
    if held <= {".git"}:
        run(*words, "-o", folder, cwd=tmp_path)
    assert (project / ".frameworkpick.toml").exists()
    assert (project / ".env").exists()
    run("new", "next", "--yes", "--no-git", "--no-install", "-o", folder, cwd=tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == ["next", "shop"], at
    assert content(project).keys() == content(tmp_path / "all" / "shop").keys(), at
    if prepare is _cloned:
        assert git(project, "config", "mark.of") == "the clone\n"


@pytest.mark.parametrize(
    ("prepare", "points", "words"),
    [
        pytest.param(_cloned, 1, PLAIN, id="cloned-once"),
        pytest.param(_empty, POINTS, (*NEW, "--git"), marks=MATRIX, id="empty"),
        pytest.param(_cloned, POINTS, PLAIN, marks=MATRIX, id="cloned"),
    ],
)
def test_a_new_project_is_there_or_not(
    tmp_path: Path, prepare: Callable[[Path], None], points: int, words: tuple[str, ...]
) -> None:
    prepare(tmp_path / "all")
    total = writes(tmp_path, tmp_path / "all", *words, "-o", tmp_path / "all")
    # where only one is tried, near the end: there most is at stake
    chosen = [total - 3] if points == 1 else spread(total, points)
    assert len(chosen) == points
    for at in chosen:
        made_or_not(tmp_path, prepare, at, words)
