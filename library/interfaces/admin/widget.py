"""The form of a record's content: one group of rows for each property, written by the server, that works as it stands.

The script only adds: more rows, moving, choosing from vocabularies. What the form does not show it does not touch: the
tree that was loaded travels along, and each row edits its node in it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.conf import settings
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dictionary.domain import naming
from languages import registry
from library.domain import relators, vocabulary
from library.domain.content import empty
from library.domain.kinds import Field, Kind, kinds
from library.domain.problems import message
from library.domain.validation import Problem
from library.vocabularies import People

_REFERENCES: Final = ("agent", "concept", "place")
_MOST_ROWS: Final = 5000


class ContentWidget(forms.Widget):
    """Rows of values by the fields of a kind; a hidden textarea keeps the tree as it was loaded."""

    template_name = "library/admin/record_widget.html"
    kind: Kind | None = None
    problems: tuple[Problem, ...] = ()
    pk: int | None = None

    class Media:
        css = {"all": ["library/admin/record-form.css"]}
        js = [Script("library/admin/record-form.js", type="module")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows: the tree as text, and the groups of rows."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        tree = parsed(value)
        if not isinstance(tree, dict) or not isinstance(tree.get("fields"), dict):
            tree = empty()
        kind = self.kind or next(iter(kinds().values()))
        context["widget"].update(
            tree=json.dumps(tree, ensure_ascii=False),
            groups=groups(name, kind, tree, self.problems),
            tags=tags(),
            relators=[(code, relators.name(code)) for code in relators.RELATORS],
            peoples=[(one.number, one.name) for one in People.objects.all()],
            find=reverse("library_admin:find"),
            duplicates=reverse("library_admin:duplicates"),
            create=reverse("library_admin:create"),
            pk=self.pk or "",
        )
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The tree as the rows that were sent make it. Without rows, the tree itself."""
        sent = data.get(name)
        tree = parsed(sent)
        shown = data.getlist(f"{name}-shown") if hasattr(data, "getlist") else []
        if not isinstance(tree, dict) or not shown:
            return sent
        return json.dumps(edited(tree, data, name, shown), ensure_ascii=False)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the form was sent without this field."""
        return name not in data


def parsed(value: Any) -> Any:
    """JSON text as a value; None for what is none."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def edited(tree: dict[str, Any], data: Any, name: str, shown: list[str]) -> dict[str, Any]:
    """The tree with the rows of the properties that the form showed; nodes keep what the form does not know."""
    tree = copy.deepcopy(tree)
    fields = tree.setdefault("fields", {})
    if not isinstance(fields, dict):
        return tree
    for prop in dict.fromkeys(shown):
        present = fields.get(prop, [])
        known = (
            {node.get("id"): node for node in present if isinstance(node, dict)}
            if isinstance(present, list)
            else {}
        )
        nodes = []
        for row in data.getlist(f"{name}-{prop}-row")[:_MOST_ROWS]:
            at = f"{name}-{prop}-{row}"
            node = _node(dict(known.get(data.get(f"{at}-id")) or {}), data, at)
            if node is not None:
                nodes.append(node)
        if nodes:
            fields[prop] = nodes
        else:
            fields.pop(prop, None)
    return tree


def _node(node: dict[str, Any], data: Any, at: str) -> dict[str, Any] | None:
    """The node of one row; None for an empty row. Control, text and so on stand in fields beginning with `at`."""
    control = data.get(f"{at}-control", "text")
    text = str(data.get(f"{at}-value", "")).replace("\r\n", "\n")
    if not text.strip():
        return None
    for key in ("value", "edtf", "tag", "people", *_REFERENCES):
        if key != "value" or control not in ("text", "longtext"):
            node.pop(key, None)
    if control in _REFERENCES:
        ref, label = str(data.get(f"{at}-ref", "")), str(data.get(f"{at}-label", ""))
        if ref.isascii() and ref.isdigit() and text.strip() == label.strip():
            node[control] = int(ref)
        else:
            node["value"] = text.strip()
        _set(node, "role", str(data.get(f"{at}-role", node.get("role", ""))))
    elif control in ("edtf", "language", "people"):
        node[{"edtf": "edtf", "language": "tag", "people": "people"}[control]] = text.strip()
    else:
        node["value"] = text
        _set(node, "lang", str(data.get(f"{at}-lang", "")).strip())
    return node


def _set(node: dict[str, Any], key: str, value: str) -> None:
    if value:
        node[key] = value
    else:
        node.pop(key, None)


def groups(
    name: str, kind: Kind, tree: Mapping[str, Any], problems: tuple[Problem, ...]
) -> list[dict[str, Any]]:
    """The properties of the kind, then those that the record has besides, each with its rows and one empty one."""
    reader = get_language() or settings.LANGUAGE_CODE
    rows = vocabulary.rows([tree])
    said = {problem.path: message(Problem("", problem.code, problem.params)) for problem in problems}
    own = [field.property for field in kind.fields]
    fields = [*kind.fields, *(_field(prop) for prop in tree["fields"] if prop not in own)]
    made = []
    for field in fields:
        at = f"{name}-{field.property}"
        nodes = tree["fields"].get(field.property) or []
        nodes = [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []
        shown = [
            _row(f"{at}-{number}", str(number), field, node, rows)
            | {"problem": _problem(said, f"{field.property}[{number}]")}
            for number, node in enumerate(nodes)
        ]
        if not shown or (field.repeatable and field.control != "longtext"):
            shown.append(_row(f"{at}-{len(shown)}", str(len(shown)), field, {}, rows))
        made.append(
            {
                "property": field.property,
                "name": at,
                "label": field.name(reader),
                "help": (field.help or {}).get(reader, ""),
                "control": field.control,
                "required": field.required,
                "repeatable": field.repeatable,
                "rows": shown,
                "blank": _row(f"{at}-__n__", "__n__", field, {}, rows),
                "missing": field.required and "" in said and not nodes,
            }
        )
    return made


def _row(
    at: str, number: str, field: Field, node: Mapping[str, Any], rows: vocabulary.Rows
) -> dict[str, Any]:
    control = _control(field, node)
    value, ref = str(node.get("value", "")), ""
    if control in _REFERENCES and control in node:
        found = rows.get((control, node[control]))
        value, ref = (
            (str(found), str(node[control])) if found else (_("(no longer there)"), str(node[control]))
        )
    elif control in ("edtf", "language", "people"):
        value = str(node.get({"edtf": "edtf", "language": "tag", "people": "people"}[control], value))
    default = settings.LANGUAGE_CODE if not node and control in ("text", "longtext") else ""
    return {
        "at": at,
        "number": number,
        "id": node.get("id", ""),
        "control": control,
        "value": value,
        "ref": ref,
        "lang": node.get("lang", default),
        "role": node.get("role", ""),
    }


def _control(field: Field, node: Mapping[str, Any]) -> str:
    """The control of a row: that of its node where the field is for something else (a name that is plain text)."""
    if not node or field.control in node or (field.control in _REFERENCES and "value" in node):
        return field.control
    for key, control in (
        ("edtf", "edtf"),
        ("tag", "language"),
        ("people", "people"),
        *((r, r) for r in _REFERENCES),
    ):
        if key in node:
            return control
    return field.control if field.control == "longtext" else "text"


def _field(prop: str) -> Field:
    """How a property is shown that the kind does not have: as another kind does, else as text under its own name."""
    for kind in kinds().values():
        found = kind.field(prop)
        if found:
            return Field(prop, found.label, found.control, help=found.help)
    return Field(prop, {settings.LANGUAGE_CODE: prop}, "text")


def _problem(said: Mapping[str, str], path: str) -> str:
    return " ".join(text for where, text in said.items() if where == path or where.startswith(f"{path}."))


def tags() -> list[tuple[str, str]]:
    """Language tags to choose from, with their names: interface languages, then all orthographies."""
    reader = get_language() or settings.LANGUAGE_CODE
    found = {code: naming.language_name(code, reader) for code, _name in settings.LANGUAGES}
    for orthography in registry().orthographies:
        if orthography.language not in found or orthography.tag != f"{orthography.language}-Latn":
            found.setdefault(orthography.tag, naming.writing_name(orthography.tag, reader))
    return list(found.items())
