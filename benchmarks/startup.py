"""How long the program takes to start, against the least that Typer needs.

Run it with the Python that frameworkpick is installed for: ``python benchmarks/startup.py``.
"""

from __future__ import annotations

import argparse
import os
import sys
import sysconfig
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.ratios import Ratio, alternate, print_table, seconds

#: The smallest application that answers in JSON.
ONE_COMMAND = """
import typer

app = typer.Typer()


@app.command()
def main() -> None:
    print("{}")


app()
"""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds: int = parser.parse_args().rounds
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else changed modules are compiled each time
    tool = str(Path(sysconfig.get_path("scripts"), "frameworkpick"))
    with tempfile.TemporaryDirectory() as folder:
        application = Path(folder, "application.py")
        application.write_text(ONE_COMMAND, encoding="utf-8")
        version = alternate(
            lambda: seconds([tool, "--version"]),
            lambda: seconds([sys.executable, "-c", "import typer"]),
            rounds,
        )
        question = [tool, "recommend", "--json", "-a", "output_kind=json_api"]
        recommend = alternate(
            lambda: seconds(question),
            lambda: seconds([sys.executable, str(application)]),
            rounds,
        )
    ratios = [
        Ratio("`--version` / `python -c 'import typer'`", *version, "s", "at most 1.3"),
        Ratio(
            "`recommend --json` / a one-command Typer application", *recommend, "s", "at most 1.3"
        ),
    ]
    print_table(ratios, rounds)


if __name__ == "__main__":
    main()
