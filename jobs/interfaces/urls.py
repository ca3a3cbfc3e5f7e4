"""Addresses below /admin/jobs/."""

from django.urls import path

from jobs.interfaces import import_pages, job_pages

app_name = "jobs"
urlpatterns = [
    path("", job_pages.JobsPage.as_view(), name="jobs"),
    path("<int:pk>/<slug:action>/", job_pages.act, name="job_act"),
    path("imports/", import_pages.ImportsPage.as_view(), name="imports"),
    path("imports/<int:pk>/", import_pages.ImportPage.as_view(), name="import"),
    path("imports/<int:pk>/<slug:action>/", import_pages.act, name="import_act"),
]
