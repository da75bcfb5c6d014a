"""Whatever a preset holds, it is used or refused with sentences; nothing else happens."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameworkpick import catalog, presets, render
from frameworkpick.core.preset_faults import faults
from frameworkpick.errors import InputError
from frameworkpick.presets.source import read_reference

KNOWLEDGE = catalog.load_knowledge()
QUESTIONS = render.load_questions(catalog.templates_root())
TEXTS = ["description", "extends_commit", "use_case", "framework", "because"]
TABLES = ["answers", "options", "locked", "weights", "policy", "template", "check"]
KEYS = ["hosting", "docker", "ci", "framework", "frameworks", "required", "because", "url", "value"]

plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
telling = st.sampled_from(["any", "none", "github", "flask", "unknown", "docker", True, 1.5])
inner = st.recursive(
    plain | telling,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.sampled_from(KEYS), each),
    max_leaves=6,
)
whole = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(TEXTS, inner),
        **{each: st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner) | inner
           for each in TABLES},
    },
)  # fmt: skip


@given(whole)
def test_any_values_are_used_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    try:
        preset = presets.load(str(path), fetch=_nobody)
    except InputError as error:
        sentences = list(error.problems)
    else:
        sentences = faults(preset.layers, KNOWLEDGE, QUESTIONS)
    assert all(sentence.isprintable() for sentence in sentences)
    with contextlib.suppress(InputError):  # what has another form hides nothing else
        faults(presets.load_layers(str(path), fetch=_nobody, faults=[]), KNOWLEDGE, QUESTIONS)


@given(st.binary(max_size=60), st.sampled_from(["toml", "yaml", "json"]))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any.{ending}"
    path.write_bytes(content)
    with contextlib.suppress(InputError):
        presets.load(str(path), fetch=_nobody)


@given(st.text(max_size=30) | st.from_regex(r"git\+(https|file)://[a-z@]*/.{0,9}@.{0,9}(#.*)?"))
def test_any_name_means_something_or_is_refused(name: str) -> None:
    with contextlib.suppress(InputError):
        assert read_reference(name, Path()).label.isprintable()


def _nobody(*asked: object) -> tuple[bytes, str]:
    pytest.fail(str(asked))
