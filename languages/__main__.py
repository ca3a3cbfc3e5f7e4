"""`python -m languages`: profiles for linguists, on the command line; see docs/languages-cli.md."""

import sys

from languages.cli import main

sys.exit(main())
