"""Which labels of the dictionary are given in Vietnamese and English."""

from modeltranslation.translator import TranslationOptions, register

from dictionary.models import Lexicon


@register(Lexicon)
class LexiconTranslation(TranslationOptions):
    """Title and description; empty in one language, the other is shown."""

    fields = ("title", "description")
    required_languages = ("vi",)
