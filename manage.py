#!/usr/bin/env python
"""Run an administrative command of the site; `bin/run` and `bin/test` call this too."""

import os
import sys


def main() -> None:
    """Run the command; a setting that makes no sense ends it with one plain line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.environment import SettingError

    try:
        execute_from_command_line(sys.argv)
    except SettingError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
