"""Spelling from the words of the dictionaries: Hunspell files, a LibreOffice extension, a Firefox dictionary.

What is right is what is printed in the dictionaries: a word that is in none of them is marked. What people mistype most
are marks, so letters that differ by marks alone are each other's first suggestion (MAP). Letters that the orthography
repairs (`ɓ` for `ƀ`) are wrong but suggested (REP); what only computers tell apart (composed and decomposed letters,
kinds of apostrophe) is right in every form (ICONV).
"""

from __future__ import annotations

import itertools
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

import icu

from ime.errors import BuildError
from ime.model import Keyboard, Kind
from ime.program import Program
from ime.targets.base import BOTH, File, Kit, Package, zip_bytes
from ime.targets.scripts import script_of
from ime.targets.writing import unspaced
from languages import Orthography, registry
from languages.text import nfc, nfd

_COUNTRY: Final = "VN"  # of languages that Unicode's locale data place nowhere
_ZERO_WIDTH_SPACE: Final = "\u200b"
_MOST_MAPPED: Final = 40  # letters in a group of look-alikes
_CANDIDATES: Final = (range(0xA0, 0x370), range(0x1D00, 0x1F00), range(0x2000, 0x2070), range(0xA640, 0xA800))
_MARKS: Final = range(0x300, 0x370)
_KEEP_CASE: Final = "K"


class _Hunspell:
    """`<tag>.oxt`, `<tag>.xpi` and the plain .aff and .dic, for the orthography of a keyboard."""

    id = "hunspell"
    title = "Hunspell (LibreOffice, Firefox)"
    kinds: frozenset[Kind] = BOTH

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """The package; BuildError where there are no words."""
        orthography = registry().orthography(keyboard.orthography)
        spelling = read_words(orthography, kit.words(orthography.tag))
        if not spelling.words:
            raise BuildError(
                "no_words",
                f"There are no words of {orthography.tag} to check spelling by: no dictionary of it is published.",
                orthography=orthography.tag,
            )
        names = {each: f"{orthography.names[each]}" for each in ("vi", "en")}
        values = {
            "TAG": orthography.tag,
            "NAME_VI": names["vi"],
            "NAME_EN": names["en"],
            "COUNT": str(len(spelling.words)),
            "VERSION": keyboard.version,
            "HOUSE": kit.texts.house,
            "ADDRESS": kit.texts.address,
            "SPACES_VI": _UNSPACED_VI if unspaced(orthography) else "",
            "SPACES_EN": _UNSPACED_EN if unspaced(orthography) else "",
        }
        tag = orthography.tag
        plain = (
            File(f"{tag}.aff", affixes(orthography, spelling).encode()),
            File(f"{tag}.dic", dictionary(spelling).encode()),
            File("README.txt", script_of("hunspell-readme.txt", values)),
        )
        return Package(
            f"{tag}-hunspell",
            (
                File(f"{tag}.oxt", zip_bytes([*plain, *_libreoffice(orthography, values)])),
                File(f"{tag}.xpi", zip_bytes(_firefox(orthography, values, plain))),
                *plain,
            ),
        )


HUNSPELL: Final = _Hunspell()


@dataclass(frozen=True)
class Spelling:
    """The words of an orthography, in order, and how often their written letters (each with its marks) occur."""

    words: tuple[str, ...]
    letters: Mapping[str, int]


def read_words(orthography: Orthography, counted: Iterable[tuple[str, int]]) -> Spelling:
    """The words that a list of headwords and forms holds; what stands between spaces is a word of its own.

    A word that is there in lower case is not repeated in others: Hunspell takes those as well.
    """
    cut = _whole if unspaced(orthography) else _tokens
    found: Counter[str] = Counter()
    for text, count in counted:
        for word in cut(orthography, orthography.normalise(text)):
            if any(unicodedata.category(char)[0] == "L" for char in word):
                found[word] += max(count, 1)
    words = sorted(word for word in found if word == word.lower() or word.lower() not in found)
    letters: Counter[str] = Counter()
    for word in words:
        for letter in _letters(word):
            letters[letter] += found[word]
    return Spelling(tuple(words), letters)


def dictionary(spelling: Spelling) -> str:
    """The .dic file. Words with capitals inside are right in this form alone."""
    lines = [str(len(spelling.words))]
    for word in spelling.words:
        inner = any(char != char.lower() for char in word[1:])
        lines.append(word.replace("/", "\\/") + (f"/{_KEEP_CASE}" if inner else ""))
    return "\n".join(lines) + "\n"


def affixes(orthography: Orthography, spelling: Spelling) -> str:
    """The .aff file."""
    letters = spelling.letters
    characters: Counter[str] = Counter()
    for letter, count in letters.items():
        for char in letter:
            characters[char] += count
    order = sorted(characters, key=lambda char: (-characters[char], char))
    alphabet = {char for letter in orthography.alphabet for char in letter + letter.upper() + nfd(letter)}
    wordly = {*alphabet, *characters, *(char for letter in letters for char in nfd(letter))}
    repaired = dict(_repairs(orthography, letters))
    same = dict(_same(letters))
    same.update((wrong, right) for wrong, right in repaired.items() if not wrong[0].isalpha())
    wrong = {text: right for text, right in repaired.items() if text not in same}
    wrong.update(_varied(orthography, letters))
    tried = "".join(char for char in order if unicodedata.category(char)[0] in "LM")
    lines = [
        "SET UTF-8",
        f"TRY {tried}",
        f"WORDCHARS {''.join(sorted(wordly - {' '}))}",
        f"KEEPCASE {_KEEP_CASE}",
    ]
    lines += _table("ICONV", [f"{written} {meant}" for written, meant in sorted(same.items())])
    if unspaced(orthography):
        lines += _table("BREAK", [_ZERO_WIDTH_SPACE, "-"])
    lines += _table("MAP", _look_alikes(orthography, letters))
    lines += _table("REP", [f"{text} {right}" for text, right in sorted(wrong.items())])
    return "\n".join(lines) + "\n"


def locales(orthography: Orthography) -> tuple[str, ...]:
    """How the orthography is called as a locale with a country, the likely one first."""
    profile = registry().profile(orthography.language)
    first = profile.orthographies[0].tag == orthography.tag
    language = orthography.language if first else orthography.tag
    likely = icu.Locale(orthography.language)
    country = likely.addLikelySubtags().getCountry() or _COUNTRY
    return tuple(dict.fromkeys(f"{language}-{each}" for each in (country, _COUNTRY)))


# --- letters --------------------------------------------------------------------------------------------------


def _letters(word: str) -> Iterator[str]:
    """Letters, each with the combining marks behind it."""
    letter = ""
    for char in word:
        if letter and not unicodedata.combining(char):
            yield letter
            letter = ""
        letter += char
    if letter:
        yield letter


def _look_alikes(orthography: Orthography, letters: Iterable[str]) -> list[str]:
    """Groups of letters that are one letter without their marks."""
    groups: dict[str, set[str]] = {}
    alphabet = [letter for letter in orthography.alphabet if len(list(_letters(letter))) == 1]
    for letter in {*letters, *alphabet}:
        base = orthography.fold(letter, "letter")
        if letter == letter.lower() and len(base) == 1 and base.isalpha():
            groups.setdefault(base, {base}).add(letter)
    lines = []
    for base, group in sorted(groups.items()):
        if 1 < len(group) <= _MOST_MAPPED:
            lines.append("".join(each if len(each) == 1 else f"({each})" for each in sorted(group)))
            upper = sorted({each.upper() for each in group} - group)
            if len(upper) > 1 and base.upper() != base:
                lines.append("".join(each if len(each) == 1 else f"({each})" for each in upper))
    return lines


def _same(letters: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Other spellings of letters that Unicode calls equal, with the composed one."""
    for letter in {each for known in letters for each in (known, known.upper())}:
        spelled = nfd(letter)
        base, marks = spelled[0], spelled[1:]
        for order in itertools.permutations(marks):
            for composed in range(len(marks) + 1):
                written = nfc(base + "".join(order[:composed])) + "".join(order[composed:])
                if written != letter and nfc(written) == letter:
                    yield written, letter


def _repairs(orthography: Orthography, letters: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Single characters, and letters with one mark, that the orthography repairs into its own."""
    known = {char for letter in letters for char in letter + letter.upper()}
    bases = sorted({nfd(letter)[0] for each in orthography.alphabet for letter in _letters(each)})
    singles = (chr(code) for each in _CANDIDATES for code in each)
    marked = (base + chr(mark) for letter in bases for base in (letter, letter.upper()) for mark in _MARKS)
    for text in itertools.chain(singles, marked):
        if unicodedata.category(text[-1]) == "Cn":
            continue
        meant = orthography.normalise(text)
        if meant != nfc(text) and meant.strip() == meant != "" and known.issuperset(meant):
            yield text, meant


def _varied(orthography: Orthography, letters: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Letters with a mark that is printed for another (a caron for a breve), and the letter with the other one."""
    for printed, meant in orthography.machinery.folding.vary.items():
        for letter in letters:
            spelled = nfd(letter)
            if meant in spelled and len(printed) == len(meant) == 1:
                yield nfc(spelled.replace(meant, printed)), letter


# --- words ----------------------------------------------------------------------------------------------------


def _tokens(orthography: Orthography, text: str) -> Iterator[str]:
    for token in orthography.tokens(text):
        yield token.text


def _whole(_orthography: Orthography, text: str) -> Iterator[str]:
    """What stands between spaces, without punctuation around it: nobody but a dictionary knows where words end here."""
    for word in text.replace(_ZERO_WIDTH_SPACE, " ").split():
        start, end = 0, len(word)
        while start < end and unicodedata.category(word[start])[0] not in "LMN":
            start += 1
        while end > start and unicodedata.category(word[end - 1])[0] not in "LMN":
            end -= 1
        yield word[start:end]


def _table(name: str, rows: list[str]) -> list[str]:
    return [f"{name} {len(rows)}", *(f"{name} {row}" for row in rows)] if rows else []


# --- packages -------------------------------------------------------------------------------------------------

_UNSPACED_VI: Final = """\
- Chữ này không viết cách giữa các từ. LibreOffice tự tách từ của những thứ tiếng mà nó biết cách tách; ở nơi khác, mỗi
  đoạn liền nhau được coi là một từ, trừ khi các từ được ngăn bằng dấu cách không độ rộng (U+200B).
"""
_UNSPACED_EN: Final = """\
- This script puts no spaces between words. LibreOffice finds the words of languages that it can segment; elsewhere what
  is written together counts as one word, unless zero-width spaces (U+200B) separate words.
"""


def _libreoffice(orthography: Orthography, values: Mapping[str, str]) -> Iterator[File]:
    tag = orthography.tag
    yield File(
        "META-INF/manifest.xml",
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n'
        b'  <manifest:file-entry manifest:full-path="dictionaries.xcu"'
        b' manifest:media-type="application/vnd.sun.star.configuration-data"/>\n'
        b"</manifest:manifest>\n",
    )
    yield File(
        "description.xml",
        f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006" xmlns:xlink="http://www.w3.org/1999/xlink">
  <identifier value="nhasan.hunspell.{escape(tag)}"/>
  <version value="{escape(values["VERSION"])}"/>
  <display-name>
    <name lang="vi">{escape(values["NAME_VI"])}: kiểm tra chính tả</name>
    <name lang="en">{escape(values["NAME_EN"])}: spelling</name>
  </display-name>
</description>
""".encode(),
    )
    yield File(
        "dictionaries.xcu",
        f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"
 oor:name="Linguistic" oor:package="org.openoffice.Office">
  <node oor:name="ServiceManager">
    <node oor:name="Dictionaries">
      <node oor:name="HunSpellDic_{escape(tag)}" oor:op="fuse">
        <prop oor:name="Locations" oor:type="oor:string-list">
          <value>%origin%/{escape(tag)}.aff %origin%/{escape(tag)}.dic</value>
        </prop>
        <prop oor:name="Format" oor:type="xs:string" xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <value>DICT_SPELL</value>
        </prop>
        <prop oor:name="Locales" oor:type="oor:string-list">
          <value>{" ".join(map(escape, locales(orthography)))}</value>
        </prop>
      </node>
    </node>
  </node>
</oor:component-data>
""".encode(),
    )


def _firefox(orthography: Orthography, values: Mapping[str, str], plain: Iterable[File]) -> Iterator[File]:
    """A dictionary add-on. Its name as a locale has no country: pages rarely say one for these languages."""
    name = locales(orthography)[0].rpartition("-")[0]
    manifest = {
        "manifest_version": 2,
        "name": f"{values['NAME_VI']}: kiểm tra chính tả",
        "description": f"{values['NAME_EN']}: spelling. {values['HOUSE']} {values['ADDRESS']}".strip(),
        "version": values["VERSION"],
        "browser_specific_settings": {"gecko": {"id": f"spelling-{orthography.tag.lower()}@nhasan"}},
        "dictionaries": {name: f"dictionaries/{name}.dic"},
    }
    yield File(
        "manifest.json", (json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
    )
    for file in plain:
        ending = file.path.rpartition(".")[2]
        yield File(f"dictionaries/{name}.{ending}" if ending in ("aff", "dic") else file.path, file.data)
