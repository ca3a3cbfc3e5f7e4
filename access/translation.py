"""Names of communities and protocols are short labels: one column for each language of the interface."""

from modeltranslation.translator import TranslationOptions, register

from access.models import Community, Protocol


@register(Community)
class CommunityTranslation(TranslationOptions):
    """The name, in each language of the interface."""

    fields = ("name",)
    required_languages = ("vi",)


@register(Protocol)
class ProtocolTranslation(TranslationOptions):
    """The name, in each language of the interface."""

    fields = ("name",)
    required_languages = ("vi",)
