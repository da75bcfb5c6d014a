"""Decoys: files that must stay out of an image, put beside the code and looked for in it."""

from __future__ import annotations

import secrets
import tarfile
import time
from typing import TYPE_CHECKING

from frameworkpick.probes.result import ProbeResult, Status, tail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from frameworkpick.process import Completed

    from .engine import Engine

#: Where decoys are put: secrets, history, tests and a developer's database.
PLACES = (".env", ".git/config", "tests/test_decoy.py", "app.db")
NAME = "decoys kept out"


def put(folder: Path) -> bytes:
    """Put decoys into a folder and return the text they all hold, found nowhere else."""
    text = f"# {secrets.token_hex(32)}\n".encode()
    for place in PLACES:
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return text


def look(engine: Engine, image: str, text: bytes) -> ProbeResult:
    """Look for decoys in every layer of an image: what a later layer deletes is still there."""
    began = time.monotonic()
    archive = engine.folder / "image.tar"
    saved = engine.run("image", "save", "--output", str(archive), image)
    try:
        status, evidence = _verdict(archive, text) if saved.ok else (Status.FAILED, _words(saved))
    except (tarfile.TarError, OSError, EOFError) as error:
        status, evidence = Status.FAILED, f"The saved image cannot be read: {error}."
    finally:
        archive.unlink(missing_ok=True)
    return ProbeResult(NAME, "image", status, time.monotonic() - began, evidence)


def _words(saved: Completed) -> str:
    return f"The image cannot be saved.\n\n{tail(saved.output)}"


def _verdict(archive: Path, text: bytes) -> tuple[Status, str]:
    found, layers = search(archive, text)
    if not layers:
        return Status.FAILED, "The saved image has no layer that can be read."
    if found:
        named = ", ".join(found)
        return Status.FAILED, f"In the image, where .dockerignore must keep them out: {named}."
    return Status.PASSED, f"{len(PLACES)} decoys in none of {layers} layers"


def search(archive: Path, text: bytes) -> tuple[list[str], int]:
    """Return the path of every file in a saved image that holds just this text, and the layers."""
    found: dict[str, None] = {}
    layers = 0
    with tarfile.open(archive) as image:
        for member in image:
            if member.isfile() and (blob := image.extractfile(member)):
                try:
                    layer = tarfile.open(fileobj=blob, mode="r|*")  # noqa: SIM115 (closed below)
                except tarfile.ReadError:
                    continue  # The image's description, in JSON.
                layers += 1
                with layer:
                    found.update(dict.fromkeys(_copies(layer, text)))
    return list(found), layers


def _copies(layer: tarfile.TarFile, text: bytes) -> Iterator[str]:
    for member in layer:
        # The size rules out nearly everything before it is read.
        if member.isfile() and member.size == len(text):
            held = layer.extractfile(member)
            if held and held.read() == text:
                yield f"/{member.name}"
