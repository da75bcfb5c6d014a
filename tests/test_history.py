from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from frameworkpick import __version__, history
from frameworkpick.errors import FrameworkpickError, InputError
from frameworkpick.history import builtin, cache, packing
from frameworkpick.history.__main__ import main, publish

ROOT = Path(__file__).parent.parent
#: Nobody's configuration, and a name to commit with.
GIT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def git(cwd: Path, *words: str, stdin: bytes = b"", **env: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=cwd, env=GIT | env, input=stdin, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def commit(root: Path, *tags: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "-m", "x")
    for tag in tags:
        git(root, "tag", tag)


def forget() -> None:
    """Do as a new process does."""
    history._OPEN.clear()  # noqa: SLF001 (nobody else has a reason to)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    forget()
    return tmp_path / "cache/frameworkpick"


@pytest.fixture
def checkout(made_checkout: Path, tmp_path: Path) -> Path:
    """A source tree with three releases, the second of which left the templates alone."""
    return shutil.copytree(made_checkout, tmp_path / "checkout", symlinks=True)


@pytest.fixture(scope="module")
def made_checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("checkout")
    git(root, "init", "--quiet", "--initial-branch=main")
    write(root, "templates/copier.yml", "_subdirectory: a/project\n")
    write(root, "templates/a/project/{{ package_name }}/app.py", "one\n")
    (root / "templates/a/project/link").symlink_to("../../shared")
    write(root, "templates/shared", "text\n")
    write(root, "templates/run.sh", "#!/bin/sh\n")
    (root / "templates/run.sh").chmod(0o755)
    write(root, ".gitignore", "*.db\n")
    commit(root, "v0.1.0")
    write(root, "README.md", "new\n")
    commit(root, "v0.2.0", "vnext")
    write(root, "templates/a/project/{{ package_name }}/app.py", "three\n")
    commit(root, "v0.3.0")
    return root


def opened(bundle: bytes, folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    builtin.unpack(bundle, folder)
    return folder


def refs(bundle: bytes) -> dict[str, str]:
    lines = bundle.partition(b"\n\n")[0].decode().splitlines()[1:]
    return {name: oid for oid, name in (line.split(" ") for line in lines)}


def test_each_release_that_changed_the_templates_is_a_commit(
    checkout: Path, tmp_path: Path
) -> None:
    packed = packing.pack(checkout, "0.3.0")
    repository = opened(packed.bundle, tmp_path / "h.git")
    assert packed.current == "0.3.0"
    assert git(repository, "log", "--format=%s", "main") == "Templates 0.3.0\nTemplates 0.1.0"
    assert git(repository, "tag").split() == ["0.1.0", "0.3.0"]
    assert git(repository, "show", "0.1.0:a/project/{{ package_name }}/app.py") == "one"
    assert git(repository, "describe", "--tags", "HEAD") == "0.3.0"
    git(repository, "fsck", "--strict")


def test_unreleased_templates_are_named_after_the_release_they_lead_to(checkout: Path) -> None:
    write(checkout, "README.md", "newer\n")
    commit(checkout)
    assert packing.pack(checkout, "0.4.0.dev0").current == "0.3.0"  # they are those of 0.3.0
    write(checkout, "templates/new", "untracked\n")
    write(checkout, "templates/a.db", "ignored\n")
    packed = packing.pack(checkout, "0.4.0.dev0")
    assert packed.current == packing.current(checkout, "0.4.0.dev0") == "0.4.0.dev1"
    assert packing.pack(checkout, "0.3.0").current == "0.3.1.dev1"
    assert list(refs(packed.bundle))[2:] == [
        "refs/tags/0.1.0", "refs/tags/0.3.0", "refs/tags/0.4.0.dev1",
    ]  # fmt: skip
    repository = opened(packed.bundle, checkout.parent / "h.git")
    names = git(repository, "ls-tree", "--name-only", "HEAD").split()
    assert "new" in names
    assert "a.db" not in names


def test_two_builds_in_two_clones_are_the_same_to_the_byte(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(checkout), "other")
    git(tmp_path / "other", "config", "core.autocrlf", "false")
    git(tmp_path / "other", "gc", "--quiet", "--aggressive")
    first = packing.pack(checkout, "0.3.0").bundle
    assert packing.pack(tmp_path / "other", "0.3.0").bundle == first
    assert refs(first)["refs/tags/0.1.0"] == "85a01a65429aff1a7ba94320a4957ba5a07464ef"


def test_packing_changes_nothing_in_the_checkout(checkout: Path) -> None:
    write(checkout, "templates/new", "x\n")

    def everything() -> dict[str, bytes]:
        files = (path for path in checkout.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files}

    before = everything()
    packing.pack(checkout, "0.4.0.dev0")
    assert everything() == before


def test_a_later_release_of_an_older_series_moves_no_commit(checkout: Path) -> None:
    before = refs(packing.pack(checkout, "0.3.0").bundle)
    git(checkout, "checkout", "--quiet", "-b", "old", "v0.2.0")
    write(checkout, "templates/fix", "x\n")
    commit(checkout, "v0.2.1")
    old = refs(packing.pack(checkout, "0.2.1").bundle)
    assert set(old) == {"HEAD", "refs/heads/main", "refs/tags/0.1.0", "refs/tags/0.2.1"}
    git(checkout, "checkout", "--quiet", "main")
    after = refs(packing.pack(checkout, "0.3.0").bundle)
    assert after == before | {"refs/tags/0.2.1": old["HEAD"]}


def test_the_callers_git_settings_do_not_reach_the_build(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = packing.pack(checkout, "0.3.0").bundle
    write(
        tmp_path, "config", "[core]\n\tautocrlf = input\n\texcludesFile = /work\n[gpg]\n\tx = y\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2001-01-01T00:00:00Z")
    assert packing.pack(checkout, "0.3.0").bundle == expected


def test_less_is_packed_where_there_is_less(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-tags", f"file://{checkout}", "shallow")
    assert packing.pack(tmp_path / "shallow", "0.4.0.dev0").current == "0.4.0.dev1"
    shutil.rmtree(checkout / ".git")
    packed = packing.pack(checkout, "0.4.0.dev7")
    assert packed.current == "0.4.0.dev7"
    tree = git(opened(packed.bundle, tmp_path / "h.git"), "ls-tree", "-r", "HEAD")
    assert "120000" in tree
    assert "100755" in tree


def test_a_partial_clone_fetches_what_it_lacks(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{checkout}", "partial")
    assert (
        packing.pack(tmp_path / "partial", "0.3.0").bundle == packing.pack(checkout, "0.3.0").bundle
    )


def test_a_release_is_whole_tagged_and_clean(checkout: Path, tmp_path: Path) -> None:
    assert packing.release_faults(checkout, "0.3.0") == []
    assert packing.release_faults(checkout, "0.4.0.dev0") == [
        "0.4.0.dev0 is not the version of a release."
    ]
    assert packing.release_faults(checkout, "0.2.0") == [
        "The tag v0.2.0 is missing, or is not on the commit that is built."
    ]
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{checkout}", "shallow")
    (fault,) = packing.release_faults(tmp_path / "shallow", "0.3.0")
    assert "shallow" in fault
    write(checkout, "README.md", "dirty\n")
    assert packing.release_faults(checkout, "0.3.0") == [
        "The working tree differs from its commit."
    ]
    shutil.rmtree(checkout / ".git")
    (fault,) = packing.release_faults(checkout, "0.3.0")
    assert "not a git repository" in fault


def published(checkout: Path, version: str, destination: Path) -> list[str]:
    lines = publish(checkout, version, str(destination))
    return [line.split("\t")[1].split(":")[1] for line in lines if line[0] == "*"]


def test_the_same_history_is_published_as_an_ordinary_repository(
    checkout: Path, tmp_path: Path
) -> None:
    public = tmp_path / "public.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(public))
    write(checkout, "templates/unreleased", "x\n")
    assert published(checkout, "0.1.0", public) == ["refs/heads/main", "refs/tags/0.1.0"]
    assert published(checkout, "0.4.0.dev0", public) == ["refs/tags/0.3.0"]
    assert published(checkout, "0.4.0.dev0", public) == []
    assert git(public, "tag").split() == ["0.1.0", "0.3.0"]
    (checkout / "templates/unreleased").unlink()
    packed = refs(packing.pack(checkout, "0.3.0").bundle)
    assert git(public, "rev-parse", "main", "0.1.0").split() == [
        packed["HEAD"], packed["refs/tags/0.1.0"],
    ]  # fmt: skip
    assert history.open_source(str(public), allowed=True).latest() == "0.3.0"


def test_a_version_that_is_out_there_is_never_replaced(checkout: Path, tmp_path: Path) -> None:
    public = tmp_path / "public.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(public))
    publish(checkout, "0.3.0", str(public))
    before = git(public, "for-each-ref")
    git(checkout, "tag", "--delete", "v0.1.0", "v0.2.0")
    with pytest.raises(FrameworkpickError, match="git push failed"):
        publish(checkout, "0.3.0", str(public))
    assert git(public, "for-each-ref") == before


def test_nothing_is_published_before_the_first_release(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "tag", "--delete", "v0.1.0", "v0.2.0", "v0.3.0")
    with pytest.raises(FrameworkpickError, match="There is no release yet"):
        publish(checkout, "0.4.0.dev0", str(tmp_path))


@pytest.mark.parametrize("words", [[], ["publish"], ["publish", "--force"], ["other", "x"]])
def test_publishing_says_how_it_is_used(words: list[str]) -> None:
    with pytest.raises(SystemExit, match="usage: python -m frameworkpick"):
        main(words)


@pytest.fixture(scope="module")
def bundled(made_checkout: Path) -> bytes:
    return packing.pack(made_checkout, "0.3.0").bundle


@pytest.fixture
def installed(bundled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for an installed wheel of 0.3.0."""
    bundle = tmp_path / "site/templates.bundle"
    bundle.parent.mkdir()
    bundle.write_bytes(bundled)
    monkeypatch.setattr(builtin, "_BUNDLE", bundle)
    return bundle


@pytest.mark.usefixtures("installed")
def test_an_installation_gives_every_version_as_it_was(checkout: Path, tmp_path: Path) -> None:
    source = history.open_source(history.ADDRESS)
    assert source.address == "frameworkpick://templates.git"
    assert source.versions() == ("0.1.0", "0.3.0")
    assert source.latest() == history.current_version() == "0.3.0"
    folder = source.tree("0.3.0", tmp_path / "new")
    subprocess.run(["diff", "-r", "--no-dereference", folder, checkout / "templates"], check=True)
    assert (folder / "a/project/link").readlink() == Path("../../shared")
    assert os.access(folder / "run.sh", os.X_OK)
    old = source.tree("0.1.0", tmp_path / "old")
    assert (old / "a/project/{{ package_name }}/app.py").read_text() == "one\n"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("version", "hint"),
    [
        ("0.9.0", "upgrade frameworkpick"),
        ("0.1.0.dev4", "unreleased build"),
        ("0.2.0", "It has: 0.1.0, 0.3.0."),
        ("--all", "It has"),
    ],
)
def test_an_unknown_version_is_said_so(version: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(FrameworkpickError, match="has no version") as caught:
        history.open_source(history.ADDRESS).tree(version, tmp_path / "x")
    assert hint in caught.value.hint


@pytest.mark.usefixtures("installed")
def test_parallel_cold_starts_share_one_cache(own_cache: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        sources = list(pool.map(history.open_source, [history.ADDRESS] * 4))
    assert {source.versions() for source in sources} == {("0.1.0", "0.3.0")}
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
    monkeypatch.setattr(builtin, "__version__", "0.4.0.dev0")
    write(checkout, "templates/shared", "edited\n")
    source = history.open_source(history.ADDRESS)
    assert source.versions() == ("0.1.0", "0.3.0", "0.4.0.dev0")
    assert source.latest() == "0.3.0"
    folder = source.tree(history.current_version(), tmp_path / "now")
    assert (folder / "shared").read_text() == "edited\n"


def test_this_checkout_is_one() -> None:
    source = history.open_source(history.ADDRESS)
    assert source.versions()
    assert history.current_version()


@pytest.fixture
def team(made_team: Path, tmp_path: Path) -> Path:
    """A team's repository with two versions, one tagged with a v."""
    return shutil.copytree(made_team, tmp_path / "team", symlinks=True)


@pytest.fixture(scope="module")
def made_team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("team")
    git(root, "init", "--quiet", "--initial-branch=main")
    write(root, "copier.yml", "name: x\n")
    commit(root, "1.0.0", "nightly")
    write(root, "copier.yml", "name: y\n")
    commit(root, "v1.1.0", "v2.0.0rc1")
    return root


@pytest.mark.parametrize("form", ["{}", "file://{}", "git+file://{}"])
def test_a_teams_repository_is_read_by_its_tags(form: str, team: Path, tmp_path: Path) -> None:
    address = form.format(team)
    source = history.open_source(address, allowed=True)
    assert source.address == address
    assert source.versions() == ("1.0.0", "1.1.0", "2.0.0rc1")
    assert source.latest() == "1.1.0"
    folder = source.tree("1.0.0", tmp_path / "one")
    assert (folder / "copier.yml").read_text() == "name: x\n"


def test_only_an_address_that_a_person_named_is_asked(team: Path) -> None:
    with pytest.raises(FrameworkpickError, match="not one that you named"):
        history.open_source(str(team))


def test_a_version_once_fetched_is_there_offline(team: Path, tmp_path: Path) -> None:
    history.open_source(str(team), allowed=True).versions()
    forget()
    team.rename(tmp_path / "gone")
    source = history.open_source(str(team), allowed=True)
    assert (source.tree("1.0.0", tmp_path / "one") / "copier.yml").is_file()
    assert source.stale == ""
    assert source.latest() == "1.1.0"
    assert "cannot be read" in source.stale
    with pytest.raises(FrameworkpickError, match=r"has no version 9\.0") as caught:
        source.tree("9.0", tmp_path / "nine")
    assert "cannot be read" in caught.value.hint


def test_a_repository_that_is_asked_again_shows_its_new_tags(team: Path) -> None:
    assert history.open_source(str(team), allowed=True).latest() == "1.1.0"
    commit(team, "1.2.0")
    git(team, "tag", "-d", "1.0.0")
    forget()
    assert history.open_source(str(team), allowed=True).versions() == ("1.1.0", "1.2.0", "2.0.0rc1")


def test_many_processes_may_ask_at_once(team: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from frameworkpick import history\n"
        "print(history.open_source(sys.argv[1], allowed=True).latest())"
    )
    env = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "fresh")}
    words = [sys.executable, "-c", code, str(team)]
    started = [subprocess.Popen(words, env=env, stdout=subprocess.PIPE) for _ in range(4)]
    assert [one.communicate(timeout=60)[0] for one in started] == [b"1.1.0\n"] * 4


def test_what_is_no_repository_is_said_so(tmp_path: Path) -> None:
    for address in (tmp_path, tmp_path / "missing"):
        with pytest.raises(FrameworkpickError) as caught:
            history.open_source(str(address), allowed=True).versions()
        assert str(address) in caught.value.message
        assert "does not appear to be a git repository" in caught.value.message
        assert caught.value.hint == "Check the address, and that you may read the repository."


def test_a_host_that_does_not_answer_asks_nothing_and_is_said_so() -> None:
    with pytest.raises(FrameworkpickError, match="cannot be read") as caught:
        history.open_source("https://127.0.0.1:1/x.git", allowed=True).versions()
    assert caught.value.hint == "Check the network and the address."


def test_a_repository_without_versions_is_said_so(team: Path) -> None:
    for tag in ("1.0.0", "v1.1.0", "v2.0.0rc1"):
        git(team, "tag", "-d", tag)
    with pytest.raises(FrameworkpickError, match="has no version") as caught:
        history.open_source(str(team), allowed=True).latest()
    assert "Tag its commits" in caught.value.hint


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c touch% /tmp/x", "git+ext::sh", "fd::17", "-uupload", "--upload-pack=x", "",
        "http://host/x.git", "git://host/x.git", "ftp://host/x", "frameworkpick://other.git",
        "https://", "ssh://-oProxyCommand=x/y", "https://host/x\n.git", " https://host/x",
        "git+-x", "javascript://x",
    ],
)  # fmt: skip
def test_other_addresses_are_refused_before_git_sees_them(address: str) -> None:
    with pytest.raises(InputError, match="The template address"):
        history.open_source(address, allowed=True)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(InputError, match="holds a password") as caught:
        history.open_source("https://me:hush@host/x.git", allowed=True)
    assert "hush" not in caught.value.message


def test_settings_cannot_turn_an_address_into_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    write(tmp_path, "config", f'[url "ext::touch {ran} "]\n\tinsteadOf = https://team.example/\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "ext")
    with pytest.raises(FrameworkpickError, match="cannot be read"):
        history.open_source("https://team.example/x.git", allowed=True).versions()
    assert not ran.exists()


def test_the_users_own_settings_lead_to_a_private_repository(
    team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "config", f'[url "{team.parent}/"]\n\tinsteadOf = https://team.example/\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    assert history.open_source("https://team.example/team", allowed=True).latest() == "1.1.0"


def test_a_hook_of_the_machine_does_not_run(
    team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = tmp_path / "hooks/reference-transaction"
    write(tmp_path, "hooks/reference-transaction", f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    write(tmp_path, "config", f"[core]\n\thooksPath = {hook.parent}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    assert history.open_source(str(team), allowed=True).latest() == "1.1.0"
    assert not (tmp_path / "ran").exists()


def hostile(team: Path, mode: str, name: str, content: bytes) -> None:
    """Tag a commit whose tree git itself would not have made, as 6.6.6."""
    kind = {"120000": "blob", "160000": "commit"}.get(mode, "blob")
    oid = (
        git(team, "rev-parse", "HEAD")
        if kind == "commit"
        else git(team, "hash-object", "-w", "--stdin", stdin=content)
    )
    for part in reversed(name.split("/")):
        raw = f"{mode} {part}\0".encode() + bytes.fromhex(oid)
        oid = git(team, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=raw)
        mode = "40000"
    git(team, "tag", "6.6.6", git(team, "commit-tree", oid, "-m", "x"))


@pytest.mark.parametrize(
    ("mode", "name", "content", "why"),
    [
        ("100644", "../x", b"x", "leaves the folder"),
        ("100644", "a/../../x", b"x", "leaves the folder"),
        ("100644", ".git/hooks/x", b"x", "belongs to git itself"),
        ("100644", "a/.GIT/config", b"x", "belongs to git itself"),
        ("100644", "a\x1b[2J", b"x", "control characters"),
        ("120000", "out", b"/etc", "is a link that leaves the template"),
        ("120000", "a/b/out", b"../../..", "is a link that leaves the template"),
        ("120000", "loop", b"loop", "is a link that leaves the template"),
        ("120000", "zero", b"a\0b", "cannot be written"),
        ("160000", "sub", b"", "is a submodule"),
    ],
)
def test_a_hostile_repository_writes_nothing_outside(
    mode: str, name: str, content: bytes, why: str, team: Path, tmp_path: Path
) -> None:
    hostile(team, mode, name, content)
    with pytest.raises(FrameworkpickError, match=r"6\.6\.6 is refused") as caught:
        history.open_source(str(team), allowed=True).tree("6.6.6", tmp_path / "deep/out")
    assert why in caught.value.message
    assert "\x1b" not in caught.value.message
    assert {path.name for path in tmp_path.iterdir()} <= {"team", "cache", "deep"}
    assert {path.name for path in (tmp_path / "deep").glob("*")} <= {"out"}


def test_links_that_lead_out_together_are_refused(team: Path, tmp_path: Path) -> None:
    (team / "a").mkdir()
    (team / "a/up").symlink_to("..")
    (team / "out").symlink_to("a/up/../..")
    commit(team, "6.6.6")
    with pytest.raises(FrameworkpickError, match="link that leaves"):
        history.open_source(str(team), allowed=True).tree("6.6.6", tmp_path / "t")


def test_attributes_of_the_repository_change_no_byte(team: Path, tmp_path: Path) -> None:
    write(team, ".gitattributes", "* text eol=crlf export-ignore filter=lfs ident\n")
    write(team, "plain", "$Id$\nline\n")
    commit(team, "3.0.0")
    folder = history.open_source(str(team), allowed=True).tree("3.0.0", tmp_path / "t")
    assert (folder / "plain").read_bytes() == b"$Id$\nline\n"


def test_the_templates_say_what_an_update_cannot_do(tmp_path: Path) -> None:
    history.upgrades_of(ROOT / "templates")  # valid
    assert history.upgrades_of(tmp_path) == ()
    write(tmp_path, "UPGRADES.toml", '[[upgrade]]\nversion="1.0.0"\nkind="manual"\nsummary="x"\n')
    assert [each.version for each in history.upgrades_of(tmp_path)] == ["1.0.0"]
    write(tmp_path, "UPGRADES.toml", "[[upgrade]\n")
    with pytest.raises(FrameworkpickError, match=r"UPGRADES\.toml of the template cannot be read"):
        history.upgrades_of(tmp_path)
