"""The templates of this installation: packed into the wheel, or those of the checkout."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from frameworkpick import __version__
from frameworkpick.errors import FrameworkpickError
from frameworkpick.git import Git, GitError
from frameworkpick.scratch import temporary

from . import release_bundle
from .cache import forget_old, kept

_PACKAGE = Path(__file__).parents[1]
#: The name of the history in the wheel.
BUNDLE_NAME = "templates.bundle"
_BUNDLE = _PACKAGE / BUNDLE_NAME
_CHECKOUT = _PACKAGE.parents[1]
_TAG = "refs/tags/"
_HEADER_LIMIT = 1 << 20


def current_version() -> str:
    """Return the version of the templates that :func:`frameworkpick.catalog.templates_root` holds.

    That of the last release that changed them, or ``X.Y.Z.dev0`` when they were edited since.
    """
    if _BUNDLE.is_file():
        return bundle_version(_BUNDLE)
    if root := checkout():
        try:
            return release_bundle.current(root)
        except GitError:  # a version all the same, for git is only needed to update
            return __version__
    return __version__


def bundle_version(bundle: Path) -> str:
    """Return the version a bundle was made for, without git."""
    with bundle.open("rb") as file:
        refs, _ = _header(file.read(_HEADER_LIMIT))
    names = (name for name, commit in refs.items() if commit == refs["HEAD"])
    return next(n.removeprefix(_TAG) for n in names if n.startswith(_TAG))


def _header(bundle: bytes) -> tuple[dict[str, str], list[str]]:
    """Return the references of a bundle, and the commits whose parents it lacks."""
    lines = [line.split() for line in bundle.partition(b"\n\n")[0].decode().splitlines()[1:]]
    refs = {name: commit for commit, name in lines if not commit.startswith("-")}
    return refs, [name for commit, name in lines if commit.startswith("-")]


def repository() -> Path:
    """Return a bare repository of this installation's templates, unpacked once into the cache.

    Raises:
        FrameworkpickError: This installation has none, or git is missing.
    """
    if bundled := _BUNDLE.is_file():
        bundle = _BUNDLE.read_bytes()
    elif root := checkout():
        bundle = release_bundle.pack(root).bundle
    else:
        raise FrameworkpickError(
            "This installation holds no template history: it was built without git.",
            "Install a released frameworkpick, or one built from a clone.",
        )
    kind = "templates" if bundled else "checkout"
    if not bundled:
        forget_old("checkout-*.git")  # each edit of a template makes another
    name = f"{kind}-{sha256(bundle).hexdigest()[:24]}.git"
    return kept(name, lambda folder: unpack(bundle, folder), _is_whole)


def _is_whole(folder: Path) -> bool:
    """Whether every version is there: who tidies a cache up may remove a part of it."""
    try:
        Git.bare(folder)("rev-list", "--objects", "--quiet", "HEAD", "--all")
    except GitError:
        return False
    return True


def unpack(bundle: bytes, folder: Path) -> None:
    """Make a bare repository from a bundle; where it lacks a parent, the repository is shallow."""
    refs, cut = _header(bundle)
    Git.private(folder.parent)("init", "--quiet", "--bare", "--template=", str(folder))
    git = Git.bare(folder)
    git("index-pack", "--stdin", stdin=bundle.partition(b"\n\n")[2])
    if cut:
        (folder / "shallow").write_text("".join(f"{commit}\n" for commit in cut))
    del refs["HEAD"]
    git("symbolic-ref", "HEAD", "refs/heads/main")
    words = "".join(f"create {name} {commit}\n" for name, commit in refs.items())
    git("update-ref", "--stdin", stdin=words.encode())


def bundle_tree(bundle: Path) -> str:
    """Return the id of the tree of the templates that a bundle was made for."""
    with temporary() as scratch:
        folder = scratch / "bundle.git"
        unpack(bundle.read_bytes(), folder)
        return Git.bare(folder)("rev-parse", "HEAD^{tree}").decode().strip()


def checkout() -> Path | None:
    """Return the checkout that this package runs from; ``None`` when it is installed."""
    return _CHECKOUT if (_CHECKOUT / "templates" / "copier.yml").is_file() else None
