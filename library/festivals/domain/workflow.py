"""The workflow of festivals: a reviewer looks at what somebody submits, then it is published."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from access.domain.roles import REVIEWER, group_of
from library.festivals.models import Festival

NAME = "Duyệt lễ hội (review of festivals)"
TASK = "Người duyệt xem lễ hội (review of festivals by a reviewer)"


@transaction.atomic
def ensure() -> None:
    """Make the default workflow and give it to festivals, once: what a site changed or switched off stays so."""
    kind = ContentType.objects.get_for_model(Festival, for_concrete_model=False)
    if Workflow.objects.filter(name=NAME).exists():
        return
    if WorkflowContentType.objects.filter(content_type=kind).exists():
        return
    workflow = Workflow.objects.create(name=NAME)
    task = GroupApprovalTask.objects.create(name=TASK)
    task.groups.add(group_of(REVIEWER))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(workflow=workflow, content_type=kind)
