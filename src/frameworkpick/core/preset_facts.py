"""What is kept of the preset that a project was made with: for JSON, the record and the ADR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from frameworkpick.core.preset import Preset


def facts(preset: Preset) -> dict[str, Any]:
    """Return which files they were, what they locked, and their policies, as plain values."""
    nearest = preset.layers[-1]
    return {
        "name": name_of(nearest.label),
        "commit": nearest.commit,
        "files": [{"name": name_of(each.label), "commit": each.commit} for each in preset.layers],
        "locked": {
            name: {"value": lock.value, "because": lock.because, "by": name_of(lock.layer)}
            for name, lock in sorted(preset.locked.items())
        },
        "policies": [
            {
                "frameworks": list(policy.frameworks) if policy.frameworks is not None else None,
                "required": list(policy.required),
                "because": policy.because,
                "by": name_of(policy.layer),
            }
            for policy in preset.policies
        ],
    }


def paragraphs(preset: Preset) -> list[str]:
    """Say for the decision record which preset it was, and what was not free to choose."""
    from frameworkpick.core.preset import reason, shown  # noqa: PLC0415 (only with a preset)

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
