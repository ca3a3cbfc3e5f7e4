"""The plain orthography: what any well-formed tag gets when no profile describes its spelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from languages import tags
from languages.collation import collator_of_locale, sort_keys
from languages.folding import FoldingRules
from languages.normalising import normaliser
from languages.orthography import Exemplars, Machinery, Orthography
from languages.sound import respelling
from languages.transliteration import Converter, Scheme
from languages.words import Segmenter


def plain_orthography(
    tag: str,
    resolve: Callable[[str], Orthography],
    *,
    version: str,
    schemes: tuple[Scheme, ...] = (),
    converters: Mapping[str, Callable[[], Converter]] | None = None,
) -> Orthography:
    """NFC, the root order, the folding that holds in every script, base letters for sounds.

    `version` goes into the hash. `schemes` and `converters` (by target) lead away from a tag that a profile names only
    as the end of a transliteration.
    """
    parsed = tags.parse(tag)
    return Orthography(
        tag=tag,
        language=parsed.language,
        script=parsed.script or "Zyyy",
        direction="ltr",
        names=MappingProxyType({"vi": tag, "en": tag}),
        aliases=(),
        alphabet=(),
        index=(),
        index_skip="",
        exemplars=Exemplars(main=()),
        fonts=(),
        sample="",
        reviewed=False,
        sources=(),
        is_fallback=True,
        transliterations=schemes,
        hash=f"plain-{version}",
        machinery=Machinery(
            normalise=lambda: normaliser(()),
            folding=FoldingRules(),
            sort_key=lambda: sort_keys(collator_of_locale("root")),
            respelling=lambda: respelling(()),
            sound_via="",
            segmenter=Segmenter(),
            converters=converters or MappingProxyType({}),
            resolve=resolve,
        ),
    )
