"""Addresses under /admin/library/ beside those of the viewsets."""

from __future__ import annotations

from django.urls import path

from library.interfaces.admin import correcting_pages, correcting_transcripts, endpoints, file_pages

app_name = "library_admin"

urlpatterns = [
    path("find/", endpoints.find, name="find"),
    path("create/", endpoints.create, name="create"),
    path("duplicates/", endpoints.duplicates, name="duplicates"),
    path("records/<int:pk>/files/", file_pages.files_page, name="files"),
    path("records/<int:pk>/files/list/", file_pages.files_list, name="files_list"),
    path("records/<int:pk>/files/states/", file_pages.states, name="file_states"),
    path("records/<int:pk>/files/upload/", file_pages.upload, name="file_upload"),
    path("records/<int:pk>/files/order/", file_pages.order, name="file_order"),
    path("records/<int:pk>/add/<str:what>/", file_pages.add, name="part_add"),
    path("parts/<str:what>/<int:pk>/", file_pages.edit, name="part_edit"),
    path("parts/<str:what>/<int:pk>/delete/", file_pages.delete, name="part_delete"),
    path("consents/<int:pk>/document/", file_pages.document, name="consent_document"),
    path("correct/<int:pk>/", correcting_pages.start, name="correct"),
    path("correct/<int:pk>/page/<int:number>/", correcting_pages.page, name="correct_page"),
    path("correct/<int:pk>/transcript/", correcting_transcripts.transcript, name="correct_transcript"),
    path("correct/<int:pk>/transcript/bring/", correcting_transcripts.bring, name="correct_bring"),
    path("correct/<int:pk>/transcript.vtt", correcting_transcripts.download, name="correct_vtt"),
]
