"""What the verbs on presets end with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from frameworkpick.core.plain_text import shown_address
from frameworkpick.core.preset import Sourced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from frameworkpick.core.preset import Layer, Policy, Preset, TemplateChoice


@dataclass(frozen=True, slots=True)
class PresetValue:
    """One value of a preset."""

    JSON: ClassVar = ("section?", "name", "value", "file", "because")

    section: str  #: The table it stands in; empty at the top of the file.
    name: str  #: Its key.
    value: object  #: What it says.
    file: str  #: Label of the file.
    because: str | None = None  #: The reason the file gives.


@dataclass(frozen=True, slots=True)
class PresetFile:
    """One file of a preset."""

    file: str  #: What to call it.
    description: str | None  #: What the preset is for.
    commit: str | None  #: The commit it was read from, if it lies in a repository.
    pinned: bool  #: False when nothing says which commit its tag has to name.


@dataclass(frozen=True, slots=True)
class ShownPreset:
    """A preset, file by file or joined."""

    JSON: ClassVar = ("schema", "preset", "resolved=joined", "files", "values")

    layers: tuple[Layer, ...]  #: The files, base first.
    resolved: Preset | None  #: What counts; None when only the files were asked for.

    @property
    def preset(self) -> str:
        """Label of the file that was asked for."""
        return self.layers[-1].label

    @property
    def joined(self) -> bool:
        """Whether the files were joined."""
        return self.resolved is not None

    @property
    def files(self) -> tuple[PresetFile, ...]:
        """The files, the nearest first."""
        return tuple(
            PresetFile(each.label, each.description, each.commit, each.pinned)
            for each in reversed(self.layers)
        )

    @property
    def values(self) -> tuple[PresetValue, ...]:
        """What counts, or what each file says."""
        found = [self.resolved] if self.resolved is not None else reversed(self.layers)
        return tuple(value for each in found for value in values_of(each))


@dataclass(frozen=True, slots=True)
class UnpinnedPreset:
    """A repository whose tag may move without being noticed."""

    label: str  #: The repository with the tag.
    commit: str  #: The commit that the tag names now.
    named_by: str | None  #: The file of this machine that names it and can pin it; else None.


@dataclass(frozen=True, slots=True)
class PinnedPreset:
    """The commit that a file's ``extends`` now has to name."""

    file: str  #: The file.
    commit: str | None  #: The commit; None when the file extends no repository.
    written: bool  #: Whether the file had to be changed.


@dataclass(frozen=True, slots=True)
class CheckedPreset:
    """A preset that is valid."""

    layers: tuple[Layer, ...]  #: The files, base first.
    unpinned: tuple[UnpinnedPreset, ...]  #: What a moved tag would change.
    pinned: PinnedPreset | None  #: What was written by ``--pin``.


@dataclass(frozen=True, slots=True)
class KnownPreset:
    """A preset there is."""

    JSON: ClassVar = ("name", "kind", "description?", "used", "read")

    name: str  #: What ``--preset`` takes, without a secret.
    kind: str  #: ``built-in``, ``variable``, ``folder`` or ``user``.
    description: str  #: What it is for, as far as it says so.
    used: bool  #: Whether a run in the folder uses it when no flag names another.
    read: bool  #: Whether its file was read: one in a repository is not.


@dataclass(frozen=True, slots=True)
class ListedPresets:
    """The presets there are."""

    JSON: ClassVar = ("schema", "presets")

    presets: tuple[KnownPreset, ...]  #: Built in, of the folder, of the person.


def values_of(found: Layer | Preset) -> Iterator[PresetValue]:
    """Yield every value of one file, or of all files joined."""

    def row(section: str, name: str, value: object, because: str | None = None) -> PresetValue:
        said = value if isinstance(value, Sourced) else Sourced(value, found.label)
        return PresetValue(section, name, said.value, said.layer, because)

    if found.use_case:
        yield row("", "use_case", found.use_case)
    if found.framework:
        yield row("", "framework", found.framework, found.because)
    for section, values in (("answers", found.answers), ("options", found.options)):
        for name, value in values.items():
            yield row(section, name, value)
    for name, lock in found.locked.items():
        yield PresetValue("locked", name, lock.value, lock.layer, lock.because)
    for name, value in found.weights.items():
        yield row("weights", name, value)
    yield from _of_policies(found.policies)
    yield from _of_template(found.template)
    for layer in reversed(getattr(found, "layers", (found,))):
        if layer.ignore:
            yield PresetValue("check", "ignore", layer.ignore, layer.label)


def _of_policies(policies: Sequence[Policy]) -> Iterator[PresetValue]:
    for policy in policies:
        if policy.frameworks is not None:
            yield PresetValue(
                "policy", "frameworks", policy.frameworks, policy.layer, policy.because
            )
        if policy.required:
            yield PresetValue("policy", "required", policy.required, policy.layer, policy.because)


def _of_template(template: TemplateChoice | None) -> Iterator[PresetValue]:
    if template:
        yield PresetValue("template", "url", shown_address(template.url), template.layer)
        if template.version:
            yield PresetValue("template", "version", template.version, template.layer)
