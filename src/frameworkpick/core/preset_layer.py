"""What one preset file says, and the pieces that it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Locked:
    """A value that nobody may change."""

    value: object  #: The option's id, or the value of a project option.
    because: str | None  #: Why, as the end of a sentence.
    layer: str  #: Label of the file that locks it.


@dataclass(frozen=True, slots=True)
class Policy:
    """What every project has to keep to, whatever else is free."""

    frameworks: tuple[str, ...] | None  #: The only frameworks allowed; None allows all.
    required: tuple[str, ...]  #: Project options that must be on, or anything but "none".
    because: str | None  #: Why, as the end of a sentence.
    layer: str  #: Label of the file that says so.


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """The templates a team uses."""

    url: str  #: Address of the repository.
    version: str | None  #: The version; None is the newest.
    layer: str  #: Label of the file that names it.


@dataclass(frozen=True, slots=True)
class Layer:
    """What one preset file says; nothing in it is checked against the knowledge yet."""

    label: str  #: What to call the file in a message.
    commit: str | None = None  #: The commit it was read from, if it lies in a repository.
    pinned: bool = True  #: False when nothing says which commit its tag has to name.
    description: str | None = None  #: What the preset is for.
    use_case: str | None = None  #: Id of the use case that suggests answers.
    framework: str | None = None  #: The framework to generate, whatever the advice.
    because: str | None = None  #: The reason recorded for that.
    answers: Mapping[str, object] = field(default_factory=dict)  #: Soft, by criterion.
    options: Mapping[str, object] = field(default_factory=dict)  #: Soft, by project option.
    locked: Mapping[str, Locked] = field(default_factory=dict)  #: By criterion, option, framework.
    weights: Mapping[str, object] = field(default_factory=dict)  #: A factor by criterion.
    policies: tuple[Policy, ...] = ()  #: What projects have to keep to.
    template: TemplateChoice | None = None  #: The templates to use.
    ignore: tuple[str, ...] = ()  #: Patterns of files that ``check`` leaves out.


@dataclass(frozen=True, slots=True)
class Sourced:
    """A soft value and the file it comes from."""

    value: object  #: The value.
    layer: str  #: Label of the file.
