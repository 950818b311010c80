"""`python -m dialc` is `dialc`."""

import sys

from dialc.cli import main

if __name__ == "__main__":
    sys.exit(main())
