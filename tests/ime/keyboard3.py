"""A small reader of CLDR keyboard3 (UTS #35 part 7): hardware keys, markers, transforms, Backspace."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from ime.positions import POSITIONS
from ime.program import Backspace, Modifiers, Stroke

_NUMBER = re.compile(r"\\u\{([0-9A-F]+)\}")
_MARKER = re.compile(r"\\m\{(\w+|\.)\}")
_SET = re.compile(r"\$\[(\w+)\]")
_MAPPED = re.compile(r"\$\[1:(\w+)\]")
_MARKERS = 0xF0000  # where markers stand in the text
_HELD: dict[Modifiers, str] = {"": "none", "shift": "shift", "altgr": "altR", "shift+altgr": "altR shift"}
_FORMS = {
    "us": (
        "29 02 03 04 05 06 07 08 09 0A 0B 0C 0D", "10 11 12 13 14 15 16 17 18 19 1A 1B 2B",
        "1E 1F 20 21 22 23 24 25 26 27 28", "2C 2D 2E 2F 30 31 32 33 34 35", "39",
    ),
    "iso": (
        "29 02 03 04 05 06 07 08 09 0A 0B 0C 0D", "10 11 12 13 14 15 16 17 18 19 1A 1B",
        "1E 1F 20 21 22 23 24 25 26 27 28 2B", "56 2C 2D 2E 2F 30 31 32 33 34 35", "39",
    ),
}  # fmt: skip


class Keyboard3:
    """A keyboard of CLDR, ready to type."""

    def __init__(self, data: bytes) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        self.root = etree.fromstring(data, parser)
        for element in self.root.iter():
            if isinstance(element.tag, str):
                element.tag = etree.QName(element).localname
        self._names: list[str] = []
        self._sets = {
            each.get("id", ""): [self._text(item) for item in each.get("value", "").split()]
            for each in self.root.iterfind("variables/set")
        }
        self._outputs = {
            key.get("id", ""): self._text(key.get("output", "")) for key in self.root.iterfind("keys/key")
        }
        self._layers = dict(self._hardware())
        self._groups = {
            kind: [
                [self._transform(each) for each in group]
                for group in self.root.iterfind(f"transforms[@type='{kind}']/transformGroup")
            ]
            for kind in ("simple", "backspace")
        }

    def type(self, strokes: Iterable[Stroke], *, caps: bool = False) -> str:
        """The text of some strokes; markers that are left are nothing."""
        text = ""
        for stroke in strokes:
            if isinstance(stroke, Backspace):
                text = self._applied(text, "backspace") or text[:-1] if text else ""
                continue
            held = _HELD[stroke.modifiers]
            name = held if not caps else "caps" if held == "none" else f"{held} caps"
            given = self._layers[name].get(stroke.code, "")
            if given:
                text += given
                changed = self._applied(text, "simple")
                text = text if changed is None else changed
        return "".join(char for char in text if ord(char) < _MARKERS)

    def _applied(self, text: str, kind: str) -> str | None:
        """The text after each group's first transform that matches at its end; None if none does."""
        found = False
        for group in self._groups[kind]:
            for pattern, result in group:
                if match := pattern.search(text):
                    written = result[match[1]] if isinstance(result, dict) else match.expand(result)
                    text, found = text[: match.start()] + written, True
                    break
        return text if found else None

    def _hardware(self) -> Iterable[tuple[str, dict[str, str]]]:
        codes = {f"{position.scan_code:02X}": code for code, position in POSITIONS.items()}
        layers = next(each for each in self.root.iterfind("layers") if each.get("formId") != "touch")
        for layer in layers:
            keys: dict[str, str] = {}
            for scans, row in zip(_FORMS[layers.get("formId", "")], layer, strict=True):
                for scan, key in zip(scans.split(), row.get("keys", "").split(), strict=True):
                    keys[codes[scan]] = self._outputs[key]
            for held in layer.get("modifiers", "").split(","):
                yield held, keys

    def _transform(self, element: etree._Element) -> tuple[re.Pattern[str], str | dict[str, str]]:
        before, after = element.get("from", ""), element.get("to", "")
        pattern = _SET.sub(
            lambda found: f"(?:{'|'.join(map(re.escape, self._sets[found[1]]))})",
            _MARKER.sub(self._marker, _NUMBER.sub(lambda found: re.escape(chr(int(found[1], 16))), before)),
        )
        compiled = re.compile(f"{pattern}\\Z", re.DOTALL)
        if mapped := _MAPPED.fullmatch(after):
            source = _SET.search(before)
            assert source
            return compiled, dict(zip(self._sets[source[1]], self._sets[mapped[1]], strict=True))
        literal = re.sub(r"\$(\d)", r"\\g<\1>", after)
        return compiled, _NUMBER.sub(lambda found: chr(int(found[1], 16)).replace("\\", r"\\"), literal)

    def _text(self, written: str) -> str:
        return _MARKER.sub(self._marker, _NUMBER.sub(lambda found: chr(int(found[1], 16)), written))

    def _marker(self, found: re.Match[str]) -> str:
        if found[1] == ".":
            return f"[{chr(_MARKERS)}-{chr(_MARKERS + 0xFF)}]"
        if found[1] not in self._names:
            self._names.append(found[1])
        return chr(_MARKERS + self._names.index(found[1]))
