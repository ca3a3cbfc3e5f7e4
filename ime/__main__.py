"""`python -m ime`: keyboards on the command line; see docs/keyboards.md."""

import sys

from ime.cli import main

sys.exit(main())
