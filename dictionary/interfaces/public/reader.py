"""What every public view asks first: which language it speaks, and to whom."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import get_language

from access.domain.gate import visible
from access.domain.viewer import Viewer
from dictionary.domain.presentation import READERS
from dictionary.models import Lexicon


def reader() -> str:
    """The code of the language of the interface that is active."""
    code = (get_language() or READERS[0]).split("-")[0]
    return code if code in READERS else READERS[0]


def lexicons(viewer: Viewer) -> QuerySet[Lexicon]:
    """The lexicons that the viewer may see, in the order of their languages."""
    return visible(Lexicon.objects.defer("header"), viewer).order_by("language", "title")
