"""Addresses below /admin/files/."""

from django.urls import path

from media_pipeline.interfaces import files_pages

app_name = "media_pipeline"
urlpatterns = [
    path("", files_pages.FilesPage.as_view(), name="files"),
    path("<int:pk>/retry/", files_pages.retry, name="retry"),
]
