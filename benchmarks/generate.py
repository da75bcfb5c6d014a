"""How long ``new`` takes to write a project, against plain ``copier copy`` of the same template.

Run it with the Python that frameworkpick is installed for: ``python benchmarks/generate.py``.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import sysconfig
import tempfile
from pathlib import Path

from frameworkpick.catalog import templates_root

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.ratios import Ratio, alternate, print_table, seconds


def measure(framework: str, folder: Path, rounds: int) -> Ratio:
    """Write the same project again and again, each time into a new folder."""
    scripts = Path(sysconfig.get_path("scripts"))
    number = itertools.count()

    def ours() -> float:
        place = folder / str(next(number))
        place.mkdir()
        flags = ["-y", "--no-git", "--no-install", "--framework", framework, "--quiet"]
        return seconds(
            [str(scripts / "frameworkpick"), "new", "my-service", "-o", str(place), *flags]
        )

    def plain() -> float:
        place = folder / str(next(number))
        place.mkdir()
        data = ["--data", f"framework={framework}", "--data", "project_name=my-service"]
        copy = ["copy", "--defaults", "--quiet", *data, str(templates_root()), str(place / "p")]
        return seconds([str(scripts / "copier"), *copy])

    title = f"`new -y --no-git --no-install` / `copier copy`, {framework}"
    return Ratio(title, *alternate(ours, plain, rounds), "s", "at most 1.0, reach for 0.8")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds: int = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        ratios = []
        for framework in ("fastapi", "flask"):
            place = Path(folder, framework)
            place.mkdir()
            ratios.append(measure(framework, place, rounds))
    print_table(ratios, rounds)


if __name__ == "__main__":
    main()
