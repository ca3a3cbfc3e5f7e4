"""Pictures of pages: the sizes that Wagtail made of uploaded pictures. The uploaded files themselves stay inside."""

from __future__ import annotations

from mimetypes import guess_type

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """`/media/images/NAME`: one size of a picture, unless its collection is closed to the visitor."""
    renditions = get_image_model().get_rendition_model().objects
    found = renditions.filter(file=f"images/{name}").select_related("image__collection").first()
    if found is None:
        raise Http404
    restrictions = list(found.image.collection.get_view_restrictions())
    if not all(each.accept_request(request) for each in restrictions):
        raise Http404
    try:
        with found.file.open("rb") as stream:
            response = HttpResponse(stream.read())
    except OSError as error:
        raise Http404 from error
    response["Content-Type"] = guess_type(name)[0] or "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store" if restrictions else "public, max-age=604800"
    return response
