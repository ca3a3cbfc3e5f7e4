"""The site's settings with the tests' own kinds of job and importer: for worker processes that a test starts."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.jobs.apps.Probe"]
