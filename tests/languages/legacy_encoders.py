"""The other direction, by other means than the tables: glibc's iconv, Python's codecs, and rules of composition.

Each function takes NFC text in the national alphabet of 29 letters and gives the codes as characters of Windows-1252
(what a program makes of the bytes that knows nothing of the font).
"""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Callable

TONES = {"\u0301": "ùÙ", "\u0300": "øØ", "\u0309": "ûÛ", "\u0303": "õÕ", "\u0323": "ïÏ"}
_QUALITIES = {"\u0302": "âÂáÁàÀåÅãÃäÄ", "\u0306": "êÊéÉèÈúÚüÜëË"}
_ORDER = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_WHOLE = {"í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ"}
_HORNED = {"o": "ô", "u": "ö", "O": "Ô", "U": "Ö"}
_VIQR = dict(zip("\u0302\u0306\u031b\u0301\u0300\u0309\u0303\u0323", "^(+'`?~.", strict=True))


def as_windows_1252(data: bytes) -> str:
    """Bytes read as Windows-1252, with what it leaves undefined as C1 controls."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


def iconv(text: str, charset: str) -> bytes:
    """The text in a charset of the GNU C Library."""
    command = ["iconv", "-f", "UTF-8", "-t", charset]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout


def tcvn3(text: str) -> str:
    """The small letters of TCVN 5712 and the seven capitals without a tone; other capitals lose their case."""
    small = "".join(char if char in "ĂÂÊÔƠƯĐ" or char.isascii() else char.lower() for char in text)
    return as_windows_1252(iconv(small, "TCVN5712-1"))


def viscii(text: str) -> str:
    """VISCII by iconv."""
    return as_windows_1252(iconv(text, "VISCII"))


def windows_1258(text: str) -> str:
    """Python's codec, with the tone parted from its letter, as the code page has it."""
    return as_windows_1252(b"".join(_code_page(char) for char in text))


def _code_page(char: str) -> bytes:
    try:
        return char.encode("cp1258")
    except UnicodeEncodeError:
        marks = unicodedata.normalize("NFD", char)
        letter = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
        return (letter + "".join(mark for mark in marks if mark in TONES)).encode("cp1258")


def utf_8(text: str) -> str:
    """UTF-8 that was read wrongly."""
    return as_windows_1252(text.encode())


def vni(text: str) -> str:
    """VNI for Windows, by its rule: a letter, then one sign for its other marks and its tone."""
    return "".join(map(_vni, text))


def _vni(char: str) -> str:
    if char.isascii():
        return char
    capital = char != char.lower()
    whole = _WHOLE.get(char.lower())
    if whole:
        return whole.upper() if capital else whole
    letter, marks = (parted := unicodedata.normalize("NFD", char))[0], parted[1:]
    if "\u031b" in marks:
        letter, marks = _HORNED[letter], marks.replace("\u031b", "")
    for quality, signs in _QUALITIES.items():
        if quality in marks:
            return letter + signs[2 * _ORDER.index(marks.replace(quality, "")) + capital]
    return letter + (TONES[marks][capital] if marks else "")


def viqr(text: str) -> str:
    """VIQR, without the backslashes that hardly anybody typed."""
    return "".join(map(_typed, text))


def _typed(char: str) -> str:
    if char in "đĐ":
        return "dd" if char == "đ" else "DD"
    letter, *marks = unicodedata.normalize("NFD", char)
    return letter + "".join(sorted((_VIQR.get(mark, mark) for mark in marks), key="^(+'`?~.".find))


ENCODERS: dict[str, Callable[[str], str]] = {
    "tcvn3": tcvn3, "vni": vni, "viscii": viscii, "windows-1258": windows_1258, "utf-8": utf_8, "viqr": viqr,
}  # fmt: skip
