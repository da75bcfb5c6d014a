"""A team's preset: files that build on each other, the nearest one winning, locks never losing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: The key under which the framework itself is locked or given.
FRAMEWORK = "framework"
#: The two spellings of "not sure" in a file.
_UNSURE = (None, "unknown")


@dataclass(frozen=True, slots=True)
class Locked:
    """A value that nobody may change."""

    JSON: ClassVar = ("value", "because", "by")

    value: object  #: The option's id, or the value of a project option.
    because: str | None  #: Why, as the end of a sentence.
    layer: str  #: Label of the file that locks it.

    @property
    def by(self) -> str:
        """What every machine calls that file."""
        return name_of(self.layer)


@dataclass(frozen=True, slots=True)
class Policy:
    """What every project has to keep to, whatever else is free."""

    JSON: ClassVar = ("frameworks", "required", "because", "by")

    frameworks: tuple[str, ...] | None  #: The only frameworks allowed; None allows all.
    required: tuple[str, ...]  #: Project options that must be on, or anything but "none".
    because: str | None  #: Why, as the end of a sentence.
    layer: str  #: Label of the file that says so.

    @property
    def by(self) -> str:
        """What every machine calls that file."""
        return name_of(self.layer)

    def allows(self, framework: object) -> bool:
        """Whether a project may have this framework."""
        return self.frameworks is None or framework in self.frameworks


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """The templates a team uses."""

    url: str  #: Address of the repository.
    version: str | None  #: The version; None is the newest.
    layer: str  #: Label of the file that names it.


@dataclass(frozen=True, slots=True)
class Layer:
    """What one preset file says; nothing in it is checked against the knowledge yet."""

    JSON: ClassVar = ("name", "commit")

    label: str  #: What to call the file in a message.
    commit: str | None = None  #: The commit it was read from, if it lies in a repository.
    pinned: bool = True  #: False when nothing says which commit its tag has to name.
    built_in: str = ""  #: The preset's name, if it comes with the program.
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

    @property
    def name(self) -> str:
        """What every machine calls the file."""
        return name_of(self.label)


@dataclass(frozen=True, slots=True)
class Sourced:
    """A soft value and the file it comes from."""

    value: object  #: The value.
    layer: str  #: Label of the file.


@dataclass(frozen=True, slots=True)
class Preset:
    """Every layer together. Soft values that a lock settles are left out: the lock is the value."""

    JSON: ClassVar = (
        "name=nearest.name",
        "commit=nearest.commit",
        "files=layers",
        "locked=locks",
        "policies",
    )

    layers: Annotated[tuple[Layer, ...], "The farthest first."]
    use_case: Sourced | None  #: Id of the use case that suggests answers.
    framework: Sourced | None  #: The framework to generate, whatever the advice.
    because: str | None  #: The reason recorded for that.
    answers: Mapping[str, Sourced]  #: Soft, by criterion.
    options: Mapping[str, Sourced]  #: Soft, by project option.
    weights: Mapping[str, Sourced]  #: A factor by criterion.
    locked: Mapping[str, Locked]  #: By criterion, project option or ``framework``.
    policies: tuple[Policy, ...]  #: All of them apply.
    template: TemplateChoice | None  #: The templates to use.
    ignore: tuple[str, ...]  #: Patterns of files that ``check`` leaves out, of every layer.

    @property
    def nearest(self) -> Layer:
        """The file that was asked for."""
        return self.layers[-1]

    @property
    def locks(self) -> Mapping[str, Locked]:
        """What is locked, by name."""
        return dict(sorted(self.locked.items()))

    @property
    def label(self) -> str:
        """Name of the nearest file, the one that was asked for."""
        return self.layers[-1].label

    def contradictions(self, given: Mapping[str, tuple[object, str]]) -> list[str]:
        """Name everything given that a lock or a policy forbids.

        Args:
            given: By criterion, project option or ``framework``: the value, and how it was given,
                as a flag (``--no-docker``), a variable or a file (``answers.toml``).
        """
        broken = self._broken({name: value for name, (value, _) in given.items()})
        return [
            f"{rule}; you gave {shown(given[name][0])} {_with(given[name][1])}."
            for name, rule in broken.items()
        ]

    def unmet(self, values: Mapping[str, object]) -> list[str]:
        """Name every policy and lock that finished options and ``framework`` do not keep to."""
        broken = self._broken(values)
        return [f"{rule}; it would be {shown(values[name])}." for name, rule in broken.items()]

    def departures(self, recorded: Mapping[str, object]) -> dict[str, str]:
        """Name every policy and lock that a project does not keep to, by what it is about.

        Args:
            recorded: Its answers, its options and ``framework``; what is not there is not looked
                at.
        """
        return {
            name: f"{rule}; the project has {shown(recorded[name])}."
            for name, rule in self._broken(recorded).items()
        }

    def _broken(self, values: Mapping[str, object]) -> dict[str, str]:
        """Return the sentence, without its end, that forbids a value, by what it is about."""
        rules = {name: self._rule(name, value) for name, value in values.items()}
        return {name: rule for name, rule in rules.items() if rule}

    def _rule(self, name: str, value: object) -> str:
        lock = self.locked.get(name)
        if lock is not None:
            if _same(lock.value, value):
                return ""
            by = f"{lock.layer}{reason(lock.because)}"
            return f"{name} is locked to {shown(lock.value)} by {by}"
        for policy in self.policies:
            by = f"{policy.layer}{reason(policy.because)}"
            if name == FRAMEWORK and not policy.allows(value):
                return f"The framework is limited to {' or '.join(policy.frameworks or ())} by {by}"
            if name in policy.required and is_off(value):
                return f"{name} is required by {by}"
        return ""


def resolve(layers: Iterable[Layer]) -> Preset:
    """Join preset files into one.

    Of two soft values, two use cases or two templates the nearer file's counts. A lock holds from
    the farthest file that has it, and every policy applies.

    Args:
        layers: The files, base first; at least one.

    Raises:
        InputError: A file contradicts a lock or a policy; every contradiction names both files.
    """
    every = tuple(layers)
    problems: list[str] = []
    locked: dict[str, Locked] = {}
    for layer in every:
        problems += _clashes(layer, locked)
        locked = {**layer.locked, **locked}
    preset = Preset(
        layers=every,
        use_case=_nearest(every, "use_case"),
        framework=None if FRAMEWORK in locked else _nearest(every, FRAMEWORK),
        because=next((layer.because for layer in reversed(every) if layer.because), None),
        answers=_joined(((layer.answers, layer.label) for layer in every), locked),
        options=_joined(((layer.options, layer.label) for layer in every), locked),
        weights=_joined(((layer.weights, layer.label) for layer in every), {}),
        locked=locked,
        policies=tuple(policy for layer in every for policy in layer.policies),
        template=next((layer.template for layer in reversed(every) if layer.template), None),
        ignore=tuple(dict.fromkeys(pattern for layer in every for pattern in layer.ignore)),
    )
    problems += _forbidden(preset)
    if problems:
        raise InputError(
            list(dict.fromkeys(problems)), "Leave it out, or ask the owner of the other preset."
        )
    return preset


def shown(value: object) -> str:
    """Write a value as a preset file does, without quotes."""
    match value:
        case None:
            return _UNSURE[1]
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def reason(because: str | None) -> str:
    """Return a reason in brackets with a blank before it; empty when there is none."""
    return f" ({because.rstrip('.')})" if because else ""


def is_off(value: object) -> bool:
    """Whether a project option with this value is turned off."""
    return value is None or value is False or value == "none"


def paragraphs(preset: Preset) -> list[str]:
    """Say for the decision record which preset it was, and what was not free to choose."""
    nearest = preset.layers[-1]
    commit = f" (commit `{nearest.commit}`)" if nearest.commit else ""
    said = f"The preset `{name_of(nearest.label)}`{commit} was used"
    rules = [
        f"* `{name}` is locked to {shown(lock.value)} by `{name_of(lock.layer)}`"
        f"{reason(lock.because)}"
        for name, lock in sorted(preset.locked.items())
    ]
    for policy in preset.policies:
        by = f"by `{name_of(policy.layer)}`{reason(policy.because)}"
        if policy.frameworks is not None:
            rules.append(f"* only {' or '.join(policy.frameworks)} is allowed {by}")
        if policy.required:
            listed = " and ".join(f"`{name}`" for name in policy.required)
            rules.append(f"* {listed} {'are' if len(policy.required) > 1 else 'is'} required {by}")
    if not rules:
        return [f"{said}."]
    return [f"{said}; it leaves these no choice:", "\n".join(rules)]


def name_of(label: str) -> str:
    """Call a file what every machine calls it: the folders above a local one are left out."""
    if label.startswith("git+"):
        return label
    return label.replace("\\", "/").rpartition("/")[2]


def _clashes(layer: Layer, locked: Mapping[str, Locked]) -> Iterator[str]:
    """Name what a file says against the locks of the files it builds on, and against its own."""
    said: dict[str, list[object]] = {}
    for name, lock in layer.locked.items():
        said.setdefault(name, []).append(lock.value)
    for name, value in {**layer.answers, **layer.options}.items():
        said.setdefault(name, []).append(value)
    if layer.framework is not None:
        said.setdefault(FRAMEWORK, []).append(layer.framework)
    for name, values in said.items():
        held = locked.get(name) or layer.locked.get(name)
        for value in values:
            if held is not None and not _same(held.value, value):
                who = "also" if held.layer == layer.label else held.layer
                by = f"{who} locks it to {shown(held.value)}{reason(held.because)}"
                yield f"{layer.label} sets {name} to {shown(value)}, but {by}."


def _forbidden(preset: Preset) -> Iterator[str]:
    """Name what the policies forbid of the values that the files set, and of each other."""
    set_here = {name: (lock.value, lock.layer) for name, lock in preset.locked.items()}
    set_here |= {name: (each.value, each.layer) for name, each in preset.options.items()}
    if preset.framework:
        set_here[FRAMEWORK] = (preset.framework.value, preset.framework.layer)
    for policy in preset.policies:
        by = f"{policy.layer}{reason(policy.because)}"
        for name, (value, layer) in set_here.items():
            if name == FRAMEWORK and not policy.allows(value):
                only = " or ".join(policy.frameworks or ())
                yield f"{layer} sets framework to {value}, but {by} allows only {only}."
            if name in policy.required and is_off(value):
                yield f"{layer} sets {name} to {shown(value)}, but {by} requires it."
    limits = [policy for policy in preset.policies if policy.frameworks is not None]
    common = set.intersection(*(set(each.frameworks or ()) for each in limits)) if limits else {""}
    if not common:
        said = "; ".join(
            f"{each.layer} allows {', '.join(each.frameworks or ())}" for each in limits
        )
        yield f"No framework is allowed by every preset: {said or 'none'}."


def _nearest(layers: tuple[Layer, ...], name: str) -> Sourced | None:
    for layer in reversed(layers):
        if (value := getattr(layer, name)) is not None:
            return Sourced(value, layer.label)
    return None


def _joined(
    tables: Iterable[tuple[Mapping[str, object], str]], locked: Mapping[str, Locked]
) -> dict[str, Sourced]:
    return {
        name: Sourced(value, label)
        for table, label in tables
        for name, value in table.items()
        if name not in locked
    }


def _same(one: object, other: object) -> bool:
    # True is no 1, and "not sure" has two spellings.
    return (one in _UNSURE and other in _UNSURE) or (type(one), one) == (type(other), other)


def _with(how: str) -> str:
    return f"with {how}" if how.startswith(("-", "`", "FRAMEWORKPICK_")) else f"in {how}"
