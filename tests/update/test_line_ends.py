"""Windows files of a template in projects that tell git how to keep line ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .small import ANSWERS, FIRST, commit, git, lines, make_project, run, update, write

if TYPE_CHECKING:
    from pathlib import Path

COPIER = "_subdirectory: project\n_answers_file: .copier-answers.yml\nframework: {type: str}\n"
BATCH = lines("rem").replace("\n", "\r\n")


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template with a batch file, and one more in its second version."""
    folder = tmp_path_factory.mktemp("windows") / "team.git"
    write(folder, {"copier.yml": COPIER, f"project/{ANSWERS}": FIRST[ANSWERS]})
    git(folder, "init", "--quiet")
    newer = BATCH.replace("rem 10", "rem ten")
    for version, files in (("1.0.0", {"run.bat": BATCH}), ("1.1.0", {"run.bat": newer})):
        write(folder / "project", files)
        commit(folder)
        git(folder, "tag", version)
        write(folder, {"project/more.bat": BATCH})
    return folder


@pytest.mark.parametrize(
    "attributes",
    [
        "*.bat text eol=crlf\n",
        *(pytest.param(t, marks=pytest.mark.matrix) for t in ("* text=auto\n", "")),
    ],
)
def test_a_windows_file_is_merged_whatever_git_keeps_it_with(
    windows: Path, tmp_path: Path, attributes: str
) -> None:
    project = make_project(windows, tmp_path / "shop", version="1.0.0", framework="fastapi")
    write(project, {".gitattributes": attributes})
    git(project, "add", "--all", "--renormalize")
    write(project, {"run.bat": BATCH.replace("rem 2\r", "mine 2\r")})
    commit(project)
    update(project, windows)
    merged = BATCH.replace("rem 2\r", "mine 2\r").replace("rem 10", "rem ten").encode()
    plain = attributes.startswith("* text=auto")
    assert (project / "run.bat").read_bytes() == (merged.replace(b"\r", b"") if plain else merged)
    assert git(project, "diff", "--staged", "--numstat", "run.bat") == "1\t1\trun.bat\n"
    assert not git(project, "diff", "--name-only")
    assert git(project, "status", "--porcelain", "more.bat") == "A  more.bat\n"
    run("update", project, "--abort", cwd=tmp_path)
    assert not git(project, "status", "--porcelain")
