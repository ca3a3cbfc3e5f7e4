"""Look words up from the command line: the same code as the page, with what the public may see."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from access.domain.gate import visible
from access.domain.viewer import anonymous
from dictionary.domain.lookup import Found, Lookup, look_up
from dictionary.domain.presentation import READERS
from dictionary.models import Lexicon
from languages import LanguageError, registry
from search.domain.guard import QueryError

Ask = Callable[[str], Lookup]


class Command(BaseCommand):
    """With a text, one line a hit; without, a filter: a query a line in, an answer a line out."""

    help = "Look a word up. Without TEXT read a query a line from standard input and print an answer a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("text", nargs="?", metavar="TEXT", help="in any script, with or without marks")
        parser.add_argument("--language", default="", metavar="CODE", help="only entries of this language")
        parser.add_argument("--lexicon", default="", metavar="SLUG", help="only entries of this lexicon")
        parser.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many hits (20)")
        parser.add_argument(
            "--reader", choices=READERS, default="en", help="language of the glosses printed (en)"
        )
        parser.add_argument("--json", action="store_true", help="print JSON, one object a query")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer the text, or every line of standard input."""
        ask = _asker(options)
        as_json = options["json"]
        if options["text"] is not None:
            try:
                answer = ask(options["text"])
            except QueryError as error:
                if not as_json:
                    raise CommandError(str(error)) from error
                self.stdout.write(_refusal(options["text"], error))
                return
            lines = [_as_json(answer)] if as_json else [_line(hit) for hit in answer.hits]
            for line in lines or [_("Nothing found.")]:
                self.stdout.write(line)
            return
        for data in sys.stdin.buffer:
            # Whatever bytes come in, every line of them has its answer.
            query = data.decode("utf-8", "replace").rstrip("\r\n")
            try:
                answer = ask(query)
                line = _as_json(answer) if as_json else _row(answer)
            except QueryError as error:
                line = _refusal(query, error) if as_json else f"{_flat(query)}\t! {error}"
            self.stdout.write(line)
            self.stdout.flush()


def _asker(options: dict[str, Any]) -> Ask:
    """The look-up with everything but the text decided. Raises CommandError for an option that names nothing."""
    viewer = anonymous()
    try:
        code = registry().profile(options["language"]).code if options["language"] else ""
    except LanguageError as error:
        raise CommandError(str(error)) from error
    lexicon = options["lexicon"]
    if lexicon and not visible(Lexicon.objects.filter(slug=lexicon), viewer).exists():
        raise CommandError(_("There is no lexicon “%(slug)s” here.") % {"slug": lexicon})

    def ask(text: str) -> Lookup:
        return look_up(
            text,
            viewer=viewer,
            reader=options["reader"],
            language=code,
            lexicon=lexicon,
            limit=options["limit"],
        )

    return ask


def _as_json(answer: Lookup) -> str:
    data = {
        "query": answer.query,
        "total": answer.total,
        "degraded": answer.degraded,
        "hits": [
            {
                "id": str(hit.id),
                "lexicon": hit.lexicon,
                "language": hit.language,
                "headword": hit.headword.text,
                "orthography": hit.headword.lang,
                "tier": hit.tier,
                "whole": hit.whole,
                "contradicts": hit.contradicts,
                "matched": hit.matched.text if hit.matched else hit.headword.text,
                "glosses": hit.glosses,
            }
            for hit in answer.hits
        ],
    }
    return _json(data)


def _refusal(query: str, error: QueryError) -> str:
    return _json({"query": query, "hits": [], "error": {"code": error.code, "message": str(error)}})


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode()


def _line(hit: Found) -> str:
    """One hit: id, headword, orthography, tier, glosses, with tabs between."""
    return "\t".join(
        (str(hit.id), _flat(hit.headword.text), hit.headword.lang, _tier(hit), _flat("; ".join(hit.glosses)))
    )


def _row(answer: Lookup) -> str:
    """One query with all its hits on a line."""
    hits = (f"{_flat(hit.headword.text)} ({hit.id}, {_tier(hit)})" for hit in answer.hits)
    return "\t".join((_flat(answer.query), *hits))


def _tier(hit: Found) -> str:
    marks = ("" if hit.whole else "…") + ("!" if hit.contradicts else "")
    return f"{hit.tier or '-'}{marks}"


def _flat(text: str) -> str:
    """A text without tabs and line breaks."""
    return " ".join(text.split())
