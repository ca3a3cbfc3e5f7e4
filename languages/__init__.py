"""Languages: profiles and everything computed from them. Imports ICU, fontTools and the standard library alone."""

from languages.catalogue import Registry, load_registry, registry
from languages.configuration import configure
from languages.errors import LanguageError, ProfileError
from languages.orthography import Exemplars, Orthography, TextKeys, Tier
from languages.profile import LanguageProfile, People, Source
from languages.transliteration import Scheme
from languages.words import Token

__all__ = [
    "Exemplars",
    "LanguageError",
    "LanguageProfile",
    "Orthography",
    "People",
    "ProfileError",
    "Registry",
    "Scheme",
    "Source",
    "TextKeys",
    "Tier",
    "Token",
    "configure",
    "load_registry",
    "registry",
]
