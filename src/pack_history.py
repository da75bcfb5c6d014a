"""Build hook: puts the history of the templates into the sdist and the wheel.

A build needs nothing but git, and without git it just lacks older versions. The release build
(``FRAMEWORKPICK_RELEASE=1``) is strict instead: what it lacked, nobody could update from.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The package packs itself, before it is installed.
sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))

from frameworkpick.core.versions import is_release  # noqa: E402 (see above)
from frameworkpick.errors import FrameworkpickError  # noqa: E402
from frameworkpick.history import builtin, release_bundle  # noqa: E402

#: Where the bundle lies in the source and, without the first folder, in the wheel.
PLACE = f"src/frameworkpick/{builtin.BUNDLE_NAME}"


class CustomBuildHook(BuildHookInterface[Any]):
    """Adds the bundle to what is built; the checkout itself stays as it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Pack the templates, unless an sdist brought them packed.

        An editable installation gets none: it reads the checkout, where templates are edited.
        """
        self._scratch = Path(tempfile.mkdtemp(prefix="frameworkpick-"))
        if version == "editable":
            return
        strict = os.environ.get("FRAMEWORKPICK_RELEASE", "") not in {"", "0"}
        carried = Path(self.root, PLACE)
        if carried.is_file():
            if strict and (fault := self._carried_fault(carried)):
                sys.exit(f"Not a release: {fault}")
            return
        if bundle := self._pack(strict=strict):
            made = self._scratch / builtin.BUNDLE_NAME
            made.write_bytes(bundle)
            inside = PLACE if self.target_name == "sdist" else PLACE.removeprefix("src/")
            build_data["force_include"][str(made)] = inside

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was only needed while building."""
        del version, build_data, artifact_path
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _carried_fault(self, carried: Path) -> str:
        """Say why a bundle that the source brought is not that of a release; empty when it is."""
        root = Path(self.root)
        if (root / ".git").exists():
            return f"{PLACE} is only for what was built once: remove it from the checkout."
        if not is_release(builtin.bundle_version(carried)):
            return f"{PLACE} was packed from unreleased templates."
        try:
            if builtin.bundle_tree(carried) != release_bundle.tree_of(root):
                return f"{PLACE} holds other templates than templates/."
        except FrameworkpickError as error:
            return error.message
        return ""

    def _pack(self, *, strict: bool) -> bytes | None:
        root = Path(self.root)
        if strict and (faults := release_bundle.release_faults(root)):
            sys.exit("\n".join(["Not a release:", *faults]))
        try:
            packed = release_bundle.pack(root)
        except FrameworkpickError as error:
            if strict:
                sys.exit(f"Not a release: {error.message}")
            self._say(f"built without the history of its templates: {error.message}")
            return None
        if packed.missing:
            self._say(
                f"built without the templates of {', '.join(packed.missing)}, which are not in "
                "this source: projects made from them can be updated by a build from a whole clone."
            )
        if not is_release(packed.current):
            self._say(f"its templates were edited, and are version {packed.current}.")
        return packed.bundle

    @staticmethod
    def _say(sentence: str) -> None:
        sys.stderr.write(f"frameworkpick: {sentence}\n")
