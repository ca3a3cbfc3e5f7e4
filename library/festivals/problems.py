"""What is wrong with a day or a rule, in the language of the viewer."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.festivals.calendar import CalendarError

FIELDS: Final = {
    "calendar": gettext_lazy("calendar"),
    "month": gettext_lazy("month"),
    "day": gettext_lazy("day"),
    "length": gettext_lazy("number of days"),
    "leap": gettext_lazy("leap month"),
}


def problem(error: CalendarError) -> str:
    """The sentence for an error of the calendar."""
    if error.code == "rule":
        field = FIELDS[str(error.params["field"])]
        if error.params["largest"]:
            return _("When it is held: for “%(field)s”, give a number from 1 to %(largest)s.") % {
                "field": field,
                "largest": error.params["largest"],
            }
        return _("When it is held: choose one of the values offered for “%(field)s”.") % {"field": field}
    if error.code == "year":
        return _("Lunar dates are known from 1900 to 2100, not in %(year)s.") % error.params
    return _("The lunar year %(year)s has no such day.") % error.params
