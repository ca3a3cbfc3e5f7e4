"""Text in encodings and fonts from before Unicode: found out, and turned into Unicode. See docs/legacy-text.md."""

from languages.legacy.carriers import readable
from languages.legacy.conversion import Converted, convert
from languages.legacy.detection import SURE, Guess, detect, likely
from languages.legacy.fields import Finding, Survey
from languages.legacy.loading import tables
from languages.legacy.table import LegacyTable

__all__ = [
    "SURE",
    "Converted",
    "Finding",
    "Guess",
    "LegacyTable",
    "Survey",
    "convert",
    "detect",
    "likely",
    "readable",
    "tables",
]
