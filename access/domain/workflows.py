"""The default workflows: a reviewer looks at what somebody submits, then it is published."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.signals import post_migrate
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from access.domain.roles import REVIEWER, group_of


def ensure_after_migrate(config: AppConfig, model: str, name: str, task: str) -> None:
    """Have `migrate` end with `ensure` for a model of this app; call from `AppConfig.ready`."""

    def make(sender: AppConfig, **kwargs: Any) -> None:
        migrated = kwargs.get("apps", apps)
        try:
            migrated.get_model(config.label, model)
            migrated.get_model("access", "RoleGroup")
        except LookupError:  # `migrate` of some apps only, or backwards: not yet, or no longer
            return
        ensure(config.get_model(model), name, task)

    post_migrate.connect(make, sender=config, weak=False, dispatch_uid=f"{config.label}.workflow")


@transaction.atomic
def ensure(model: type[models.Model], name: str, task: str) -> None:
    """Make the default workflow and give it to a model, once: what a site changed or switched off stays so.

    `name` is what the workflow is called, `task` its one step.
    """
    kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
    if Workflow.objects.filter(name=name).exists():
        return
    if WorkflowContentType.objects.filter(content_type=kind).exists():
        return
    workflow = Workflow.objects.create(name=name)
    step = GroupApprovalTask.objects.create(name=task)
    step.groups.add(group_of(REVIEWER))
    WorkflowTask.objects.create(workflow=workflow, task=step, sort_order=0)
    WorkflowContentType.objects.create(workflow=workflow, content_type=kind)
