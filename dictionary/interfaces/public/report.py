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
from dictionary.domain.presentation import entry_view
from dictionary.interfaces.public.entry import find
from dictionary.interfaces.public.reader import reader
from dictionary.reports import Report


class ReportForm(forms.ModelForm[Report]):
    """What is wrong, and who says so if they like. `website` is a trap: people do not see it, robots fill it in."""

    website = forms.CharField(required=False, label="")

    class Meta:
        model = Report
        fields = ("message", "contact")
        labels = {
            "message": _("What is wrong, and what should stand there?"),
            "contact": _("Your name or address, if we may ask you about it (not published)"),
        }
        widgets = {
            "message": forms.Textarea(attrs={"rows": 5, "maxlength": 5000}),
            "contact": forms.TextInput(attrs={"autocomplete": "email"}),
        }

    def clean_message(self) -> str:
        """At most 5,000 characters, and something said."""
        message: str = self.cleaned_data["message"].strip()
        if len(message) > 5000:
            raise forms.ValidationError(_("Please keep it under 5,000 characters."))
        return message


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """`/entries/UUID/report/`: the form; POST keeps the report and leads back to the entry."""
    viewer = viewer_of(request)
    entry = find(uuid, viewer)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.cleaned_data["website"]:
            form.instance.entry = entry
            form.save()
        messages.success(request, _("Thank you. Your report was kept; an editor will look at it."))
        return redirect("entry-short", uuid=uuid)
    shown = entry_view(entry, reader=reader(), viewer=viewer)
    return render(
        request, "dictionary/report.html", {"entry": shown, "form": form}, status=400 if form.errors else 200
    )
