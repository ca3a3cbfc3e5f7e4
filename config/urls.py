"""All addresses of the site. Public pages stand under / in Vietnamese and under /en/ in English."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("admin/reports/", include("dictionary.interfaces.admin.oversight")),
    path("admin/", include(wagtailadmin_urls)),
    # Before those of entries, to whom they hand on what is theirs.
    path("", include("library.interfaces.public.file_urls")),
    path("", include("dictionary.interfaces.file_urls")),
    path("api/", include("dictionary.interfaces.api.urls")),
    path("", include("dictionary.interfaces.public.machine_urls")),
    path("", include("ime.interfaces.public.machine_urls")),
    path("", include("library.interfaces.public.machine_urls")),
    path("", include("library.pages.interfaces.public.machine_urls")),
    *i18n_patterns(
        path("", include("library.pages.interfaces.public.urls")),
        path("", include("dictionary.interfaces.public.urls")),
        path("", include("library.festivals.interfaces.public.urls")),
        path("", include("ime.interfaces.public.urls")),
        path("", include("library.requests.interfaces.public.urls")),
        path("", include("library.interfaces.public.urls")),
        path("", include("config.legacy.urls")),
        # Last: a page never stands before what the house has itself.
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
