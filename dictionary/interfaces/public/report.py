"""Report a mistake: a form without an account, which lands in a queue for editors."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from access.domain.viewer import viewer_of
from access.interfaces.letters import LONGEST, LetterForm
from dictionary.domain.presentation import entry_view
from dictionary.interfaces.public.entry import find
from dictionary.interfaces.public.reader import reader
from dictionary.reports import Report


class ReportForm(LetterForm[Report]):
    """What is wrong, and who says so if they like."""

    class Meta:
        model = Report
        fields = ("message", "contact")
        labels = {
            "message": _("What is wrong, and what should stand there?"),
            "contact": _("Your name or address, if we may ask you about it (not published)"),
        }
        widgets = {
            "message": forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST}),
            "contact": forms.TextInput(attrs={"autocomplete": "email"}),
        }


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """`/entries/UUID/report/`: the form; POST keeps the report and leads back to the entry."""
    viewer = viewer_of(request)
    entry = find(uuid, viewer)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.is_from_a_robot:
            form.instance.entry = entry
            form.save()
        messages.success(request, _("Thank you. Your report was kept; an editor will look at it."))
        return redirect("entry-short", uuid=uuid)
    shown = entry_view(entry, reader=reader(), viewer=viewer)
    return render(
        request, "dictionary/report.html", {"entry": shown, "form": form}, status=400 if form.errors else 200
    )
