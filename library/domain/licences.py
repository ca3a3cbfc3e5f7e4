"""The licences and rights statements that files of records stand under, and what each lets a reader do.

The addresses and names are those that Creative Commons (https://creativecommons.org/licenses/list.en) and
RightsStatements.org (https://rightsstatements.org/page/1.0/) give them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

_CC: Final = "https://creativecommons.org/"
_RS: Final = "http://rightsstatements.org/vocab/"


@dataclass(frozen=True)
class Licence:
    """A licence or statement. `original`: whether any reader may keep the original file."""

    uri: str
    code: str
    names: Mapping[str, str]
    original: bool

    def name(self, reader: str) -> str:
        """What it is called in the reader's language."""
        return self.names.get(reader) or self.names["en"]


_CONDITIONS: Final = {
    "by": ("Attribution", "Ghi công"),
    "by-sa": ("Attribution-ShareAlike", "Ghi công - Chia sẻ tương tự"),
    "by-nd": ("Attribution-NoDerivatives", "Ghi công - Không phái sinh"),
    "by-nc": ("Attribution-NonCommercial", "Ghi công - Phi thương mại"),
    "by-nc-sa": (
        "Attribution-NonCommercial-ShareAlike",
        "Ghi công - Phi thương mại - Chia sẻ tương tự",
    ),
    "by-nc-nd": (
        "Attribution-NonCommercial-NoDerivatives",
        "Ghi công - Phi thương mại - Không phái sinh",
    ),
}
_STATEMENTS: Final = (
    ("InC", "In Copyright", "Còn bản quyền", False),
    ("InC-OW-EU", "In Copyright - EU Orphan Work", "Còn bản quyền - tác phẩm mồ côi (EU)", False),
    ("InC-EDU", "In Copyright - Educational Use Permitted", "Còn bản quyền - được dùng để dạy và học", True),
    (
        "InC-NC",
        "In Copyright - Non-Commercial Use Permitted",
        "Còn bản quyền - được dùng phi thương mại",
        True,
    ),
    (
        "InC-RUU",
        "In Copyright - Rights-holder(s) Unlocatable or Unidentifiable",
        "Còn bản quyền - không tìm được hoặc không rõ người giữ quyền",
        False,
    ),
    (
        "NoC-CR",
        "No Copyright - Contractual Restrictions",
        "Không còn bản quyền - bị hợp đồng hạn chế",
        False,
    ),
    (
        "NoC-NC",
        "No Copyright - Non-Commercial Use Only",
        "Không còn bản quyền - chỉ dùng phi thương mại",
        True,
    ),
    (
        "NoC-OKLR",
        "No Copyright - Other Known Legal Restrictions",
        "Không còn bản quyền - có hạn chế pháp lý khác",
        False,
    ),
    ("NoC-US", "No Copyright - United States", "Không còn bản quyền ở Hoa Kỳ", True),
    ("CNE", "Copyright Not Evaluated", "Chưa xem xét bản quyền", False),
    ("UND", "Copyright Undetermined", "Chưa xác định được bản quyền", False),
    ("NKC", "No Known Copyright", "Không biết có bản quyền", True),
)


def _all() -> list[Licence]:
    found = [
        Licence(
            f"{_CC}licenses/{key}/4.0/",
            f"CC {key.upper()} 4.0",
            {"en": f"CC {key.upper()} 4.0: {english}", "vi": f"CC {key.upper()} 4.0: {vietnamese}"},
            original=True,
        )
        for key, (english, vietnamese) in _CONDITIONS.items()
    ]
    found.append(
        Licence(
            f"{_CC}publicdomain/zero/1.0/",
            "CC0 1.0",
            {"en": "CC0 1.0: no rights reserved", "vi": "CC0 1.0: không giữ quyền nào"},
            original=True,
        )
    )
    found.append(
        Licence(
            f"{_CC}publicdomain/mark/1.0/",
            "PDM 1.0",
            {
                "en": "Public Domain Mark 1.0: free of known copyright",
                "vi": "Thuộc về công chúng (Public Domain Mark 1.0)",
            },
            original=True,
        )
    )
    found += [
        Licence(f"{_RS}{code}/1.0/", code, {"en": english, "vi": vietnamese}, original)
        for code, english, vietnamese, original in _STATEMENTS
    ]
    return found


LICENCES: Final[Mapping[str, Licence]] = {licence.uri: licence for licence in _all()}
"""By address, in the order of a list to choose from."""


def find(text: str) -> Licence | None:
    """The licence that an address, a code (CC BY 4.0, cc-by-4.0) or a name means; None for words of somebody's own."""
    return _known().get(_plain(text)) if text else None


@cache
def _known() -> Mapping[str, Licence]:
    known: dict[str, Licence] = {}
    for licence in LICENCES.values():
        for name in (licence.uri, licence.code, *licence.names.values()):
            known[_plain(name)] = licence
    return known


def _plain(text: str) -> str:
    """An address without its scheme and last slash, a code or name without dots between words, in lower case."""
    text = re.sub(r"^https?://(www\.)?", "", text.strip().casefold())
    text = re.sub(r"/(deed|legalcode)?(\.[a-z]{2})?/?$", "", text)
    return re.sub(r"[\s_-]+", " ", text)
