from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from frameworkpick import __version__, history
from frameworkpick.errors import FrameworkpickError
from frameworkpick.history import builtin, cache, release_bundle

from .repositories import write

pytestmark = pytest.mark.version

ROOT = Path(__file__).parents[2]


@pytest.mark.usefixtures("installed")
def test_an_installation_gives_every_version_as_it_was(checkout: Path, tmp_path: Path) -> None:
    source = history.open_source(history.ADDRESS)
    assert source.address == "frameworkpick://templates.git"
    assert source.versions() == ("0.1.0", "0.3.0")
    assert source.latest() == history.current_version() == "0.3.0"
    folder = source.tree("0.3.0", tmp_path / "new")
    subprocess.run(["diff", "-r", "--no-dereference", folder, checkout / "templates"], check=True)
    assert (folder / "a/project/link").readlink() == Path("../../common")
    assert os.access(folder / "run.sh", os.X_OK)
    old = source.tree("0.1.0", tmp_path / "old")
    assert (old / "a/project/{{ package_name }}/app.py").read_text() == "one\n"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("version", "hint"),
    [
        ("99.0.0", "upgrade frameworkpick"),
        ("0.1.0.dev4", "unreleased build"),
        ("0.1.5", "It has: 0.1.0, 0.3.0."),
        ("--all", "It has"),
    ],
)
def test_an_unknown_version_is_said_so(version: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(FrameworkpickError, match="has no version") as caught:
        history.open_source(history.ADDRESS).tree(version, tmp_path / "x")
    assert hint in caught.value.hint


def test_a_release_that_this_installation_lacks_is_said_so(
    checkout: Path, installed: Path, tmp_path: Path
) -> None:
    shutil.rmtree(checkout / ".git")
    installed.write_bytes(release_bundle.pack(checkout).bundle)
    source = history.open_source(history.ADDRESS)
    assert source.versions() == ("0.3.0",)
    with pytest.raises(FrameworkpickError, match=r"has no version 0\.1\.0") as caught:
        source.tree("0.1.0", tmp_path / "x")
    assert "install it from a whole clone" in caught.value.hint


@pytest.mark.usefixtures("installed")
def test_parallel_cold_starts_share_one_cache(own_cache: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        sources = list(pool.map(history.open_source, [history.ADDRESS] * 4))
    assert {source.versions() for source in sources} == {("0.1.0", "0.3.0")}
    assert [path.suffix for path in own_cache.iterdir()] == [".git"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("left", ["nothing", "no objects", "half an object"])
def test_a_cached_repository_that_somebody_broke_is_made_anew(own_cache: Path, left: str) -> None:
    history.open_source(history.ADDRESS)
    [folder] = own_cache.iterdir()
    if left == "half an object":
        for path in [path for path in folder.glob("objects/*/*") if path.is_file()]:
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:20])
    else:
        shutil.rmtree(folder / "objects" if left == "no objects" else folder)
        folder.mkdir(exist_ok=True)
    assert history.open_source(history.ADDRESS).versions() == ("0.1.0", "0.3.0")
    assert [path.suffix for path in own_cache.iterdir()] == [".git"]


@pytest.mark.usefixtures("installed")
def test_where_the_cache_cannot_be_written_a_temporary_one_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    source = history.open_source(history.ADDRESS)
    assert source.versions() == ("0.1.0", "0.3.0")
    monkeypatch.setattr(cache, "cache_folder", lambda: None)
    assert history.open_source(history.ADDRESS).versions() == ("0.1.0", "0.3.0")


def test_an_installation_without_history_still_names_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builtin, "_BUNDLE", tmp_path / "none")
    monkeypatch.setattr(builtin, "_CHECKOUT", tmp_path)
    assert history.current_version() == __version__
    with pytest.raises(FrameworkpickError, match="no template history"):
        history.open_source(history.ADDRESS)


def test_without_git_it_is_said_so_and_new_still_works(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(builtin, "_BUNDLE", tmp_path / "none")
    monkeypatch.setattr(builtin, "_CHECKOUT", checkout)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FrameworkpickError, match="git is not installed"):
        history.open_source(history.ADDRESS)
    assert history.current_version() == __version__


def test_a_checkout_has_its_history_and_what_lies_in_it(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(builtin, "_BUNDLE", tmp_path / "none")
    monkeypatch.setattr(builtin, "_CHECKOUT", checkout)
    write(checkout, "templates/common", "edited\n")
    source = history.open_source(history.ADDRESS)
    assert source.versions() == ("0.1.0", "0.3.0", "0.3.1.dev0")
    assert source.latest() == "0.3.0"
    folder = source.tree(history.current_version(), tmp_path / "now")
    assert (folder / "common").read_text() == "edited\n"


def test_the_history_of_a_checkout_does_not_pile_up(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_cache: Path
) -> None:
    monkeypatch.setattr(builtin, "_BUNDLE", tmp_path / "none")
    monkeypatch.setattr(builtin, "_CHECKOUT", checkout)
    for text in ("one", "two", "three"):
        for path in own_cache.glob("*"):
            os.utime(path, (0, 0))
        write(checkout, "templates/common", text)
        history.open_source(history.ADDRESS)
    assert len(list(own_cache.iterdir())) == 1


def test_this_checkout_is_one() -> None:
    source = history.open_source(history.ADDRESS)
    assert source.versions()
    assert history.current_version()


def test_the_templates_say_what_an_update_cannot_do(tmp_path: Path) -> None:
    history.upgrades_of(ROOT / "templates")  # valid
    assert history.upgrades_of(tmp_path) == ()
    write(tmp_path, "UPGRADES.toml", '[[upgrade]]\nversion="1.0.0"\nkind="manual"\nsummary="x"\n')
    assert [each.version for each in history.upgrades_of(tmp_path)] == ["1.0.0"]
    write(tmp_path, "UPGRADES.toml", "[[upgrade]\n")
    with pytest.raises(FrameworkpickError, match=r"UPGRADES\.toml of the template cannot be read"):
        history.upgrades_of(tmp_path)
