"""Which labels of the library are given in Vietnamese and English."""

from modeltranslation.translator import TranslationOptions, register

from library.models import Collection
from library.vocabularies import Agent, Concept, People, Place


@register(People)
class PeopleTranslation(TranslationOptions):
    """Name and description; empty in one language, the other is shown."""

    fields = ("name", "description")
    required_languages = ("vi",)


@register(Place)
class PlaceTranslation(TranslationOptions):
    """The name."""

    fields = ("name",)
    required_languages = ("vi",)


@register(Agent)
class AgentTranslation(TranslationOptions):
    """The name, where a language has one of its own."""

    fields = ("name",)
    required_languages = ("vi",)


@register(Concept)
class ConceptTranslation(TranslationOptions):
    """The label."""

    fields = ("label",)
    required_languages = ("vi",)


@register(Collection)
class CollectionTranslation(TranslationOptions):
    """Title and description."""

    fields = ("title", "description")
    required_languages = ("vi",)
