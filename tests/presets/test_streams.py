"""Answers from standard input and to standard output, and files as editors on Windows save them."""

from __future__ import annotations

import codecs
import json
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest

from .command import COMMAND

if TYPE_CHECKING:
    from .command import Place

TOML = '[answers]\noutput_kind = "html_pages"\n\n[options]\npython_version = 3.12\n'
YAML = "answers:\n  output_kind: html_pages\noptions:\n  python_version: 3.12\n"
JSON = '{"answers": {"output_kind": "html_pages"}, "options": {"python_version": 3.12}}'
NEW = ("new", "shop", "--yes", "--framework", "flask", "--dry-run")


def fed(place: Place, text: str | None, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command with something on standard input; ``None`` closes it."""
    closed = ["bash", "-c", 'exec "$0" "$@" <&-'] if text is None else []
    done = subprocess.run(
        [*closed, str(COMMAND), *words],
        cwd=place.folder, env={"PATH": "/usr/bin:/bin", "HOME": str(place.folder.parent / "home")},
        input=text, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize("text", [TOML, YAML, JSON])
def test_a_dash_reads_answers_from_standard_input(place: Place, text: str) -> None:
    done = fed(place, text, *NEW, "--json", "--answers", "-")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["options"]["python_version"] == "3.12"
    assert said["recommendation"]["answers"]["output_kind"]["value"] == "html_pages"


def test_what_is_wrong_on_standard_input_is_said_of_it(place: Place) -> None:
    done = fed(place, "[answers\n", "recommend", "--answers", "-")
    assert done.returncode == 2
    assert "standard input is not valid" in done.stderr
    done = fed(place, None, "recommend", "--json", "--answers", "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Standard input holds no answers." in done.stderr


def test_a_dash_writes_answers_alone_to_standard_output(place: Place) -> None:
    for words in (NEW, ("recommend",)):
        done = fed(place, TOML, *words, "--answers", "-", "--save-answers", "-")
        assert done.returncode == 0, done.stderr
        assert tomllib.loads(done.stdout)["answers"] == {"output_kind": "html_pages"}
        assert "Flask" in done.stderr
    again = fed(place, done.stdout, "recommend", "--answers", "-", "--json")
    assert json.loads(again.stdout)["answers"]["output_kind"]["origin"] == "file"
    assert list(place.folder.iterdir()) == []


def test_two_things_on_standard_output_are_refused(place: Place) -> None:
    for words in ((*NEW, "--json"), ("recommend", "--json"), ("recommend", "--format", "md")):
        done = fed(place, "", *words, "--save-answers", "-")
        assert (done.returncode, done.stdout) == (2, "")
        assert f"--save-answers - and {' '.join(words[1:]) if words[0] != 'new' else '--json'}" in (
            done.stderr
        )


@pytest.mark.parametrize(("name", "text"), [("a.toml", TOML), ("a.yml", YAML), ("a.json", JSON)])
def test_a_byte_order_mark_does_no_harm(place: Place, name: str, text: str) -> None:
    (place.folder / name).write_bytes(codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode())
    done = place.run(*NEW, "--json", "--answers", name)
    assert json.loads(done.stdout)["options"]["python_version"] == "3.12", done.stderr


def test_a_preset_with_a_byte_order_mark_is_read_listed_and_pinned(place: Place) -> None:
    base, file = place.write("base.toml", "[options]\ndocker = false\n"), place.folder / "a.toml"
    file.write_bytes(codecs.BOM_UTF8 + f'extends = "{base}"\n'.encode())
    done = place.run(*NEW, "--json", "--preset", "a.toml")
    assert json.loads(done.stdout)["options"]["docker"] is False, done.stderr
    assert place.run("preset", "check", "a.toml").returncode == 0


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
@pytest.mark.parametrize("flag", ["--answers", "--preset"])
def test_other_text_than_utf_8_is_called_that(place: Place, encoding: str, flag: str) -> None:
    text = "# \u00fc\n[options]\ndocker = false\n"
    (place.folder / "a.toml").write_bytes(text.encode(encoding))
    done = place.run(*NEW, flag, "a.toml")
    assert done.returncode == 2
    assert "a.toml cannot be read: it is" in done.stderr
    assert ("UTF-16" in done.stderr) == (encoding != "latin-1")
    assert "save it as UTF-8" in done.stderr
    assert "Traceback" not in done.stderr
