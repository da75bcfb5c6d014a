"""``python -m frameworkpick``."""

from frameworkpick.cli import main

if __name__ == "__main__":
    main()
