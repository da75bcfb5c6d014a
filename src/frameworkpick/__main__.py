"""Where the program begins: ``frameworkpick``, and ``python -m frameworkpick``."""

import gc

#: Allocations between two looks for garbage.
_GARBAGE_THRESHOLD = 100_000


def main() -> None:
    """Run the program and end the process with its exit code."""
    # Start-up allocates much and frees nothing: looking for garbage takes a tenth of its time.
    gc.set_threshold(_GARBAGE_THRESHOLD)
    from frameworkpick import cli  # noqa: PLC0415 (its imports are most of the start)

    cli.main()


if __name__ == "__main__":
    main()
