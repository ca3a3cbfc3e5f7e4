"""Which texts of festivals are given in Vietnamese and English."""

from modeltranslation.translator import TranslationOptions, register

from library.festivals.models import Festival, Picture


@register(Festival)
class FestivalTranslation(TranslationOptions):
    """Name, sentence and story; empty in one language, the other is shown."""

    fields = ("name", "summary", "story")
    required_languages = ("vi",)


@register(Picture)
class PictureTranslation(TranslationOptions):
    """The caption."""

    fields = ("caption",)
    required_languages = ("vi",)
