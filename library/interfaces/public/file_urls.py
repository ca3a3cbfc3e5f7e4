"""The addresses of files of records: the same in every language, whoever may have them (`files`)."""

from __future__ import annotations

from django.urls import path

from library.interfaces.public import files

urlpatterns = [
    path("files/<uuid:uuid>/original/<str:name>", files.original, name="record-file-original"),
    path("files/<uuid:uuid>/thumbnail/<int:page>.jpg", files.thumbnail, name="record-file-thumbnail"),
    path("files/<uuid:uuid>/page/<int:page>.jpg", files.page_image, name="record-file-page"),
    path("files/<uuid:uuid>/poster.jpg", files.poster, name="record-file-poster"),
    path("files/<uuid:uuid>/hls/<path:inner>", files.hls, name="record-file-hls"),
    path("files/<uuid:uuid>/audio.<str:kind>", files.audio, name="record-file-audio"),
    path("files/<uuid:uuid>/peaks.json", files.peaks, name="record-file-peaks"),
    path("files/<uuid:uuid>/subtitles.vtt", files.subtitles, name="record-file-subtitles"),
    path("files/<uuid:uuid>/alto/<int:page>.xml", files.alto, name="record-file-alto"),
    path("files/<uuid:uuid>/text/<int:page>.txt", files.text, name="record-file-text"),
    path("iiif/image/<uuid:uuid>/<int:page>", files.image_base, name="iiif-base"),
    path("iiif/image/<uuid:uuid>/<int:page>/info.json", files.image_information, name="iiif-info"),
    path("iiif/image/<uuid:uuid>/<int:page>/<path:inner>", files.image, name="iiif-image"),
]
