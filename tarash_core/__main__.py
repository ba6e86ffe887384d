"""``python -m tarash_core`` is the command ``tarash``."""

from tarash_core.cli import main

if __name__ == "__main__":
    main()
