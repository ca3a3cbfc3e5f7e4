"""From rows of a table to content trees, and from a row onto an entry that is there already."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

from dictionary.domain.content import VERSION, Content, with_ids
from dictionary.formats.errors import RowError
from dictionary.formats.items import Item, checked
from dictionary.formats.limits import Limits
from dictionary.formats.mapping import ColumnMapping
from dictionary.formats.tables import Row

Node = dict[str, Any]
# A gloss that the project made from another gloss: no fact about the word. Kept as an annotation of the form.
OWN: Final = {"name": "own-translation", "value": "true"}
DOMAIN: Final = "semantic-domain-ddp4"
SOURCE_ID: Final = "source-id"


class RowReader:
    """Turns the rows of one table into entries.

    Rows that follow one another with the same guid, LIFT id or key are senses of one entry. A row without any of
    them is named by its orthography, word and source; a second row with the same name is a second entry, so that
    the order of such rows matters.
    """

    def __init__(
        self, mapping: ColumnMapping, limits: Limits, file: str, *, orthography: str, language: str
    ) -> None:
        self.limits = limits
        self.file = file
        self.orthography = mapping.orthography or orthography
        self.language = mapping.language or language
        self.key = mapping.key
        self.targets = [(column, *_split(target)) for column, target in mapping.columns.items() if target]

    def items(self, rows: Iterator[Row], repeated: Mapping[str, list[int]]) -> Iterator[Item]:
        """The entries, in the order of the rows. `repeated`: names that stand in the table apart, with their lines."""
        unnamed: Counter[str] = Counter()
        number = 0
        waiting: Item | None = None
        for row in rows:
            if row.error:
                if waiting:
                    yield self.finished(waiting, repeated)
                    waiting = None
                number += 1
                yield Item(number, row.line, "", None, error=row.error)
                continue
            name = self.name(row)
            content = self.content(row)
            if waiting and name and name == waiting.key:
                if content.get("senses"):
                    waiting.content.setdefault("senses", []).extend(content["senses"])  # type: ignore[union-attr]
                continue
            if waiting:
                yield self.finished(waiting, repeated)
            number += 1
            if not name:
                base = self.unnamed(row, content)
                unnamed[base] += 1
                name = f"{base}#{unnamed[base]}"
            label = next((form["text"] for form in content.get("forms", ())), "")[:300]
            waiting = Item(number, row.line, label, content, key=name)
        if waiting:
            yield self.finished(waiting, repeated)

    def finished(self, item: Item, repeated: Mapping[str, list[int]]) -> Item:
        """The item with ids and checked."""
        assert item.content is not None
        numbers = count(1)
        with_ids(item.content, lambda: str(next(numbers)))
        if item.key in repeated:
            lines = ", ".join(map(str, repeated[item.key][:20]))
            params = {"identity": item.key.partition(":")[2][:100], "lines": lines}
            code = "duplicate-guid" if item.key.startswith("guid:") else "duplicate-id"
            return item.refused(RowError(code, params, file=self.file, line=item.line))
        found = checked(item, self.file, self.limits.tree)
        if found.draft and not found.error:
            return found.refused(RowError("no-headword", file=self.file, line=item.line))
        return found

    def name(self, row: Row) -> str:
        """What the row names itself: its guid, LIFT id, key columns or id; empty if it does not."""
        cells = {kind: row.cells.get(column, "").strip() for column, kind, _rest in self.targets}
        for kind in ("guid", "lift-id"):
            if cells.get(kind):
                return f"{kind}:{cells[kind].lower() if kind == 'guid' else cells[kind]}"
        if self.key:
            return "key:" + "|".join(row.cells.get(column, "").strip() for column in self.key)
        return f"id:{cells['id']}" if cells.get("id") else ""

    def unnamed(self, row: Row, content: Content) -> str:
        """The name of a row that has none of its own: orthography, word, source."""
        first = next(iter(content.get("forms", ())), {"lang": "", "text": ""})
        source = next(
            (
                row.cells.get(column, "").strip()
                for wanted in ("source-id", "source", "source-url")
                for column, kind, _rest in self.targets
                if kind == wanted
            ),
            "",
        )
        return f"row:{first['lang']}|{first['text']}|{source}"

    def content(self, row: Row) -> Content:
        """The tree of one row, still without ids."""
        tree: Node = {"v": VERSION}
        sense: Node = {}
        source: Node = {}
        cells: dict[str, str] = {}
        for column, kind, rest in self.targets:
            text = row.cells.get(column, "").strip()
            if text:
                cells.setdefault(kind, text)
                _PLACE.get(kind, _nowhere)(tree, sense, source, rest, text)
        language = cells.get("language") or self.language
        orthography = cells.get("orthography") or self.orthography or language or "und"
        spoken = f"{orthography.partition('-')[0]}-fonipa"
        forms = []
        if "headword" in cells:
            named = [
                (rest, row.cells.get(column, "").strip())
                for column, kind, rest in self.targets
                if kind == "headword"
            ]
            forms = [{"lang": rest or orthography, "text": text} for rest, text in named if text]
        if "headword2" in cells:
            forms.append({"lang": cells.get("orthography2") or orthography, "text": cells["headword2"]})
        if forms:
            tree = {"v": VERSION, "forms": forms, **{key: value for key, value in tree.items() if key != "v"}}
        _fill_in(tree, orthography)
        for each in tree.get("pronunciations", ()):
            for form in each.get("forms", ()):
                form["lang"] = form["lang"] or spoken
        _fill_in(sense, orthography)
        if sense:
            tree["senses"] = [sense]
        if source:
            tree["sources"] = [source]
        return tree  # type: ignore[return-value]


def _split(target: str) -> tuple[str, str]:
    name, _colon, rest = target.partition(":")
    return name, rest


def _fill_in(node: Node, orthography: str) -> None:
    """Texts of the language itself, whose orthography was not named, are in that of the headword."""
    for key in ("citation", "variants", "examples"):
        for each in node.get(key, ()):
            for form in [each] if key == "citation" else each.get("forms", ()):
                form["lang"] = form["lang"] or orthography


def _nowhere(*_args: object) -> None:
    """Columns that say something about the row, not about the word, go nowhere."""


def _citation(tree: Node, _sense: Node, _source: Node, rest: str, text: str) -> None:
    tree.setdefault("citation", []).append({"lang": rest, "text": text})


def _variant(tree: Node, _sense: Node, _source: Node, rest: str, text: str) -> None:
    tree.setdefault("variants", []).append({"forms": [{"lang": rest, "text": text}]})


def _gloss(_tree: Node, sense: Node, _source: Node, rest: str, text: str) -> None:
    sense.setdefault("glosses", []).append({"lang": rest, "text": text})


def _own_gloss(_tree: Node, sense: Node, _source: Node, rest: str, text: str) -> None:
    sense.setdefault("glosses", []).append({"lang": rest, "text": text, "annotations": [dict(OWN)]})


def _definition(_tree: Node, sense: Node, _source: Node, rest: str, text: str) -> None:
    sense.setdefault("definition", []).append({"lang": rest, "text": text})


def _ipa(tree: Node, _sense: Node, _source: Node, rest: str, text: str) -> None:
    _spoken(tree).setdefault("forms", []).append({"lang": rest, "text": text})


def _audio(tree: Node, _sense: Node, _source: Node, _rest: str, text: str) -> None:
    _spoken(tree).setdefault("media", []).append({"href": text})


def _spoken(tree: Node) -> Node:
    found: Node = tree.setdefault("pronunciations", [{}])[0]
    return found


def _pos(_tree: Node, sense: Node, _source: Node, _rest: str, text: str) -> None:
    sense["pos"] = {"value": text}


def _domain(_tree: Node, sense: Node, _source: Node, _rest: str, text: str) -> None:
    sense.setdefault("traits", []).append({"name": DOMAIN, "value": text})


def _note(tree: Node, _sense: Node, _source: Node, rest: str, text: str) -> None:
    note: Node = {"type": rest} if rest else {}
    tree.setdefault("notes", []).append({**note, "forms": [{"lang": "und", "text": text}]})


def _field(tree: Node, _sense: Node, _source: Node, rest: str, text: str) -> None:
    tree.setdefault("fields", []).append({"type": rest, "forms": [{"lang": "und", "text": text}]})


def _trait(tree: Node, _sense: Node, _source: Node, rest: str, text: str) -> None:
    tree.setdefault("traits", []).append({"name": rest, "value": text})


def _source_id(tree: Node, sense: Node, source: Node, _rest: str, text: str) -> None:
    _trait(tree, sense, source, SOURCE_ID, text)


def _example(_tree: Node, sense: Node, _source: Node, rest: str, text: str) -> None:
    _sentence(sense).setdefault("forms", []).append({"lang": rest, "text": text})


def _translation(_tree: Node, sense: Node, _source: Node, rest: str, text: str) -> None:
    each = _sentence(sense).setdefault("translations", [{}])[0]
    each.setdefault("forms", []).append({"lang": rest, "text": text})


def _example_source(_tree: Node, sense: Node, _source: Node, _rest: str, text: str) -> None:
    _sentence(sense)["source"] = text


def _sentence(sense: Node) -> Node:
    found: Node = sense.setdefault("examples", [{}])[0]
    return found


def _picture(_tree: Node, sense: Node, _source: Node, _rest: str, text: str) -> None:
    sense.setdefault("illustrations", []).append({"href": text})


def _of_source(key: str) -> Any:
    def place(_tree: Node, _sense: Node, source: Node, _rest: str, text: str) -> None:
        source[key] = text

    return place


def _of_entry(key: str) -> Any:
    def place(tree: Node, _sense: Node, _source: Node, _rest: str, text: str) -> None:
        tree[key] = text

    return place


_PLACE: Final[Mapping[str, Any]] = {
    "citation": _citation,
    "variant": _variant,
    "gloss": _gloss,
    "own-gloss": _own_gloss,
    "definition": _definition,
    "ipa": _ipa,
    "audio": _audio,
    "pos": _pos,
    "domain": _domain,
    "note": _note,
    "field": _field,
    "trait": _trait,
    "source-id": _source_id,
    "example": _example,
    "example-translation": _translation,
    "example-source": _example_source,
    "picture": _picture,
    "source": _of_source("title"),
    "source-url": _of_source("url"),
    "source-licence": _of_source("licence"),
    "source-citation": _of_source("citation"),
    "guid": _of_entry("guid"),
    "lift-id": _of_entry("lift_id"),
}


# --- onto an entry that is there ----------------------------------------------------------------------------------


def overlay(old: Mapping[str, Any], row: Mapping[str, Any]) -> Content:
    """The entry with what the row says put in its place; what the row does not say stays as it is.

    Texts are matched by language (and by whether they are our own translation), senses, pronunciations and examples
    by position, notes and fields by type, traits by name, variants and files by what they say. An empty cell deletes
    nothing.
    """
    tree: Node = copy.deepcopy(dict(old))
    for key in ("forms", "citation"):
        _multitext(tree, row, key)
    _by_position(tree, row, "senses", _sense)
    _by_position(tree, row, "pronunciations", _pronunciation)
    _by_position(tree, row, "sources", _update)
    _typed(tree, row, "notes")
    _typed(tree, row, "fields")
    _named(tree, row)
    _added(
        tree, row, "variants", lambda each: [(form["lang"], form["text"]) for form in each.get("forms", ())]
    )
    for key in ("guid", "lift_id"):
        if row.get(key) and not tree.get(key):
            tree[key] = row[key]
    used = {node["id"] for node in _identified(tree)}
    numbers = (str(number) for number in count(1) if str(number) not in used)
    return with_ids(tree, lambda: next(numbers))  # type: ignore[arg-type]


def _identified(value: Any) -> Iterator[Node]:
    if isinstance(value, dict):
        if "id" in value:
            yield value
        for each in value.values():
            yield from _identified(each)
    elif isinstance(value, list):
        for each in value:
            yield from _identified(each)


def _fresh(node: Any) -> Any:
    """A copy without ids: the row's numbers mean nothing in the entry."""
    if isinstance(node, dict):
        return {key: _fresh(each) for key, each in node.items() if key != "id"}
    return [_fresh(each) for each in node] if isinstance(node, list) else node


def _slot(form: Mapping[str, Any]) -> tuple[str, bool]:
    return form["lang"], OWN in form.get("annotations", ())


def _multitext(tree: Node, row: Mapping[str, Any], key: str) -> None:
    for form in row.get(key, ()):
        forms = tree.setdefault(key, [])
        index = next((at for at, each in enumerate(forms) if _slot(each) == _slot(form)), None)
        if index is None:
            forms.append(_fresh(form))
        elif forms[index].get("text", "").strip() != form["text"]:
            kept = {name: value for name, value in forms[index].items() if name != "spans"}
            forms[index] = {**kept, "text": form["text"]}


def _by_position(tree: Node, row: Mapping[str, Any], key: str, put: Any) -> None:
    for index, each in enumerate(row.get(key, ())):
        nodes = tree.setdefault(key, [])
        if index < len(nodes):
            put(nodes[index], each)
        else:
            nodes.append(_fresh(each))


def _update(node: Node, row: Mapping[str, Any]) -> None:
    node.update({key: value for key, value in row.items() if key != "id"})


def _sense(node: Node, row: Mapping[str, Any]) -> None:
    for key in ("glosses", "definition"):
        _multitext(node, row, key)
    if row.get("pos") and node.get("pos", {}).get("value") != row["pos"]["value"]:
        node["pos"] = {**node.get("pos", {}), "value": row["pos"]["value"]}
    _named(node, row)
    _by_position(node, row, "examples", _put_example)
    _added(node, row, "illustrations", lambda each: each.get("href"))


def _put_example(node: Node, row: Mapping[str, Any]) -> None:
    if row.get("source"):
        node["source"] = row["source"]
    _multitext(node, row, "forms")
    _by_position(node, row, "translations", lambda each, new: _multitext(each, new, "forms"))


def _pronunciation(node: Node, row: Mapping[str, Any]) -> None:
    _multitext(node, row, "forms")
    _added(node, row, "media", lambda each: each.get("href"))


def _typed(tree: Node, row: Mapping[str, Any], key: str) -> None:
    for each in row.get(key, ()):
        nodes = tree.setdefault(key, [])
        found = next((node for node in nodes if node.get("type", "") == each.get("type", "")), None)
        if found is None:
            nodes.append(_fresh(each))
        elif not any(
            form.get("text", "").strip() == each["forms"][0]["text"] for form in found.get("forms", ())
        ):
            _multitext(found, each, "forms")


def _named(node: Node, row: Mapping[str, Any]) -> None:
    for each in row.get("traits", ()):
        traits = node.setdefault("traits", [])
        found = [trait for trait in traits if trait.get("name") == each["name"]]
        if not found:
            traits.append(dict(each))
        elif all(trait.get("value") != each["value"] for trait in found):
            found[0]["value"] = each["value"]


def _added(node: Node, row: Mapping[str, Any], key: str, says: Any) -> None:
    for each in row.get(key, ()):
        nodes = node.setdefault(key, [])
        if says(each) not in [says(one) for one in nodes]:
            nodes.append(_fresh(each))
