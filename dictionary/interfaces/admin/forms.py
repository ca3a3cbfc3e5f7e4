"""The forms of the admin: an entry over its JSON tree, and a lexicon."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from access.domain.gate import visible
from access.domain.viewer import viewer_for
from access.interfaces.forms import ProtectedForm as AnyProtectedForm
from dictionary.domain.content import Content, new_id
from dictionary.domain.problems import limits, message
from dictionary.domain.protocols import PERMISSION
from dictionary.domain.validation import Problem, is_draft_problem, validate
from dictionary.interfaces.admin.form_data import form_data, gloss_writing, headword_tags, writing
from dictionary.models import Entry, Lexicon
from languages import LanguageError, registry
from media_pipeline.models import Blob

UPLOADS_SALT = "dictionary.uploads"
UPLOADS_AGE = 60 * 60 * 24 * 7
_PLAIN = ("headword", "gloss", "definition")
_BROKEN = frozenset({"type", "text", "too-deep", "too-large"})


class ContentWidget(forms.Widget):
    """The component: a hidden textarea with the tree, plain fields for whoever has no JavaScript, and the script."""

    template_name = "dictionary/admin/entry_widget.html"
    lexicon: Lexicon | None = None
    entry: Entry | None = None
    problems: tuple[Problem, ...] = ()

    class Media:
        css = {"all": ["dictionary/admin/entry-form.css"]}
        js = [Script("dictionary/admin/entry-form.js", type="module")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows: the tree as text, the data of the form, the plain fields."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        tree = _parsed(value)
        if not isinstance(tree, dict) or any(each.code in _BROKEN for each in self.problems):
            # No form can show this; what was saved last can be shown beside the message.
            tree = self.entry.content if self.entry is not None else {}
            value = tree
        data: dict[str, Any] = {}
        if self.lexicon is not None:
            data = form_data(self.lexicon, self.entry, tree)
            data["errors"] = {
                each.path: message(Problem("", each.code, each.params)) for each in self.problems
            }
        context["widget"].update(
            {
                "tree": value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
                "data": data,
                "plain": self._plain_fields(name, tree) if self.lexicon else [],
            }
        )
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The tree that was sent, with what was written into the plain fields."""
        sent = data.get(name)
        tree = _parsed(sent)
        if not isinstance(tree, dict):
            return sent
        plain = {key: data[key] for key in data if isinstance(key, str) and key.startswith(f"{name}-plain-")}
        if not plain:
            return sent
        for key, text in plain.items():
            part, _dash, lang = key.removeprefix(f"{name}-plain-").partition("-")
            _write_plain(tree, part, lang, str(text).strip())
        return json.dumps(tree, ensure_ascii=False)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the form was sent without this field."""
        return name not in data

    def _plain_fields(self, name: str, tree: dict[str, Any]) -> list[dict[str, Any]]:
        lexicon = self.lexicon
        assert lexicon is not None
        glosses = lexicon.gloss_languages or ["vi"]
        labels = {"headword": _("Headword"), "gloss": _("Gloss"), "definition": _("Definition")}
        tags = {"headword": headword_tags(lexicon), "gloss": glosses, "definition": glosses}
        return [
            {
                "name": f"{name}-plain-{part}-{tag}",
                "label": labels[part],
                "writing": writing(tag) if part == "headword" else gloss_writing(tag),
                "value": _read_plain(tree, part, tag),
            }
            for part in _PLAIN
            for tag in tags[part]
        ]


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _plain_place(tree: dict[str, Any], part: str) -> tuple[dict[str, Any], str]:
    """The node and key that a plain field edits: the headword, or the first sense."""
    if part == "headword":
        return tree, "forms"
    senses = tree.get("senses") or [{}]
    return senses[0], "glosses" if part == "gloss" else "definition"


def _read_plain(tree: dict[str, Any], part: str, lang: str) -> str:
    node, key = _plain_place(tree, part)
    return next((form.get("text", "") for form in node.get(key, ()) if form.get("lang") == lang), "")


def _write_plain(tree: dict[str, Any], part: str, lang: str, text: str) -> None:
    if part not in _PLAIN or text == _read_plain(tree, part, lang).strip():
        return
    if part != "headword" and not tree.get("senses"):
        tree["senses"] = [{"id": new_id()}]
    node, key = _plain_place(tree, part)
    present = next((form for form in node.get(key, ()) if form.get("lang") == lang), None)
    if present is None:
        node[key] = [*node.get(key, ()), {"lang": lang, "text": text}]
    elif text:
        present["text"] = text
        present.pop("spans", None)
    else:
        node[key] = [form for form in node[key] if form is not present]
        if not node[key]:
            del node[key]


class ContentField(forms.Field):
    """An entry's content: JSON that `validation` finds nothing wrong with. A draft may lack its headword."""

    widget = ContentWidget
    is_deferred_validation = False

    def to_python(self, value: Any) -> Content:
        """The tree; raises ValidationError for text that is not JSON."""
        if value in self.empty_values:
            return {}
        if isinstance(value, str):
            largest = limits().total
            if len(value) > largest * 2:
                raise ValidationError(_("The entry is too large."), code="too-large")
            try:
                value = json.loads(value)
            except (ValueError, RecursionError) as error:
                raise ValidationError(
                    _("The entry could not be read. Please reload the page; your last saved draft is kept."),
                    code="invalid",
                ) from error
        return value  # type: ignore[no-any-return]

    def validate(self, value: Any) -> None:
        """Every problem as one message; the widget is told where each is."""
        problems = validate(value, limits())
        if getattr(self, "is_deferred_validation", False):
            problems = [each for each in problems if not is_draft_problem(each)]
        self.widget.problems = tuple(problems)
        if problems:
            raise ValidationError([message(each) for each in problems])

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the tree is another one; the order of keys says nothing."""
        return bool((_parsed(data) or {}) != (_parsed(initial) or {}))

    def prepare_value(self, value: Any) -> Any:
        """The tree as the widget writes it."""
        return value


class EntryForm(WagtailAdminModelForm):
    """An entry. The lexicon is chosen when the entry is made and stays."""

    content = ContentField(label=_("Content"), required=False)
    content_files = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-entry-uploads": ""})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry: Entry = self.instance
        self.fields["lexicon"] = forms.ModelChoiceField(
            visible(Lexicon.objects.all(), viewer_for(self.for_user)), widget=forms.HiddenInput
        )
        if entry.pk is not None:
            del self.fields["lexicon"]
        else:
            entry.lexicon_id = self._chosen()
        self.fields["content"].widget.lexicon = entry.lexicon if entry.lexicon_id else None
        self.fields["content"].widget.entry = entry
        self.initial["content"] = copy.deepcopy(entry.content)
        if entry.lexicon_id:
            self.initial["lexicon"] = entry.lexicon_id

    def _post_clean(self) -> None:
        """Let a draft be unfinished: Django asks the entry's own `clean` from here."""
        self.instance.may_lack_headword = self.is_deferred_validation
        super()._post_clean()
        self.instance.may_lack_headword = False

    def _chosen(self) -> int | None:
        """The lexicon of a new entry: as sent, or as the address said; only one that the person may see."""
        given = self.data.get("lexicon") if self.is_bound else self.initial.get("lexicon")
        if given is None:
            return self.instance.lexicon_id
        chosen = self.fields["lexicon"].queryset.filter(pk=given if str(given).isdigit() else None).first()
        return chosen.pk if chosen else None

    def clean_content_files(self) -> dict[str, Blob]:
        """The uploads of this form by their names in the entry; a token that is not ours is refused."""
        sent = self.cleaned_data["content_files"]
        if not sent:
            return {}
        try:
            tokens = json.loads(sent)
            opened = {
                str(href): signing.loads(token, salt=UPLOADS_SALT, max_age=UPLOADS_AGE)
                for href, token in tokens.items()
            }
        except (ValueError, TypeError, AttributeError, signing.BadSignature) as error:
            raise ValidationError(
                _("An uploaded file is no longer known. Please upload it again.")
            ) from error
        user = self.for_user.pk if self.for_user else None
        if any(token.get("href") != href or token.get("user") != user for href, token in opened.items()):
            raise ValidationError(_("An uploaded file is no longer known. Please upload it again."))
        blobs = Blob.objects.in_bulk([token["blob"] for token in opened.values()])
        return {href: blobs[token["blob"]] for href, token in opened.items() if token["blob"] in blobs}

    class Meta(WagtailAdminModelForm.Meta):
        model = Entry
        fields = ["content"]


class ProtectedForm(AnyProtectedForm):
    """Something guarded, of the dictionary."""

    protocol_permission = PERMISSION


class LexiconForm(ProtectedForm):
    """A lexicon."""

    gloss_languages = forms.CharField(
        label=_("Gloss languages"),
        help_text=_("BCP 47 tags with commas between, the most important first, such as vi, en."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["gloss_languages"] = ", ".join(self.instance.gloss_languages or ["vi", "en"])
        for name in ("language", "orthography"):
            self.fields[name].widget.attrs["list"] = f"known-{name}s"

    def clean_language(self) -> str:
        """A well-formed tag."""
        return _checked(self.cleaned_data["language"], registry().profile)

    def clean_orthography(self) -> str:
        """A well-formed tag."""
        return _checked(self.cleaned_data["orthography"], registry().orthography)

    def clean_gloss_languages(self) -> list[str]:
        """The tags as a list, each well-formed, each once."""
        parts = [part.strip() for part in self.cleaned_data["gloss_languages"].split(",")]
        return list(dict.fromkeys(_checked(part, registry().profile) for part in parts if part))


def _checked(tag: str, find: Any) -> str:
    try:
        find(tag)
    except LanguageError as error:
        raise ValidationError(
            _("“%(tag)s” is not a language tag. Use a BCP 47 tag such as vi or vi-Latn."), params={"tag": tag}
        ) from error
    return tag
