"""Canvases: leaves with their pictures, recordings and films with their streams."""

from __future__ import annotations

from library.formats.iiif.parts import Json, filled, image, links, painting, thumbnails
from library.formats.iiif.values import MediaCanvas, PageCanvas, Picture, Stream


def page_canvas(page: PageCanvas) -> Json:
    """A leaf. Its text is a page of annotations of its own, fetched when somebody wants to read it."""
    text = filled(
        id=page.text, type="AnnotationPage", label=dict(page.text_label) if page.text_label else None
    )
    return filled(
        id=page.id,
        type="Canvas",
        label=dict(page.label),
        width=page.width,
        height=page.height,
        thumbnail=thumbnails(page.thumbnail),
        see_also=links(page.see_also),
        rendering=links(page.rendering),
        items=painting(page.id, [image(page.picture)]),
        annotations=[text] if page.text else None,
    )


def media_canvas(media: MediaCanvas) -> Json:
    """A recording or film: its streams are a choice, its subtitles supplement it."""
    return filled(
        id=media.id,
        type="Canvas",
        label=dict(media.label),
        duration=media.duration,
        width=media.width,
        height=media.height,
        thumbnail=thumbnails(media.poster or media.beside),
        see_also=links(media.see_also),
        rendering=links(media.rendering),
        placeholder_canvas=_picture_canvas(f"{media.id}/poster", media.poster) if media.poster else None,
        accompanying_canvas=_picture_canvas(f"{media.id}/beside", media.beside) if media.beside else None,
        items=painting(media.id, [_stream(media, stream) for stream in media.streams]),
        annotations=_subtitles(media),
    )


def chapters(media: MediaCanvas, id_: str) -> Json | None:
    """The range of a recording or film with its chapters; None without any."""
    if not media.chapters:
        return None
    return {
        "id": id_,
        "type": "Range",
        "label": dict(media.label),
        "items": [
            {
                "id": f"{id_}-{number}",
                "type": "Range",
                "label": {"none": [chapter.title]},
                "items": [
                    {"id": f"{media.id}#t={seconds(chapter.start)},{seconds(chapter.end)}", "type": "Canvas"}
                ],
            }
            for number, chapter in enumerate(media.chapters, 1)
        ],
    }


def seconds(given: float) -> str:
    """Seconds as media fragments have them (W3C Media Fragments, "normal play time")."""
    return f"{given:.3f}".rstrip("0").rstrip(".")


def _stream(media: MediaCanvas, stream: Stream) -> Json:
    film = stream.type == "Video"
    return filled(
        id=stream.url,
        type=stream.type,
        format=stream.format,
        label=dict(stream.label),
        duration=media.duration,
        width=media.width if film else 0,
        height=media.height if film else 0,
    )


def _picture_canvas(id_: str, picture: Picture) -> Json:
    return {
        "id": id_,
        "type": "Canvas",
        "width": picture.width,
        "height": picture.height,
        "items": painting(id_, [image(picture)]),
    }


def _subtitles(media: MediaCanvas) -> list[Json]:
    if not media.subtitles:
        return []
    return [
        {
            "id": f"{media.id}#subtitles",
            "type": "AnnotationPage",
            "items": [
                {
                    "id": f"{media.id}#subtitles-{number}",
                    "type": "Annotation",
                    "motivation": "supplementing",
                    "body": filled(
                        id=each.url,
                        type="Text",
                        format="text/vtt",
                        label=dict(each.label),
                        language=each.language,
                    ),
                    "target": media.id,
                }
                for number, each in enumerate(media.subtitles, 1)
            ],
        }
    ]
