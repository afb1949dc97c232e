"""What waits for somebody as rows of lists: contact times, requests for a decision, suppliers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class AppointmentRow(models.Model):
    """An agreed contact time, as a day view shows it: a hint, rebuilt from the facts with those of its case."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="appointments")
    appointment = models.CharField(max_length=40)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    first = models.DateTimeField(null=True)
    """When it was first agreed to be, where it was moved to this time."""
    person = models.CharField(max_length=64, blank=True)
    """Who keeps it, by id."""
    channel = models.CharField(max_length=20)
    number = models.TextField(blank=True)
    settled = models.CharField(max_length=40, blank=True)
    why = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["provider", "starts", "id"], name="appointment_day"),
            models.Index(fields=["provider", "person", "starts", "id"], name="appointment_of_person"),
            models.Index(fields=["ends", "id"], condition=Q(settled=""), name="appointment_unsettled"),
            models.Index(fields=["provider", "ends", "id"], condition=Q(settled=""), name="appointment_over"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.appointment}"


class ApprovalRow(models.Model):
    """A request for a decision, as the list of them shows it: a hint, rebuilt from the facts. Its words stay on the case."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="approvals")
    approval = models.CharField(max_length=40)
    deed = models.CharField(max_length=20)
    standing = models.CharField(max_length=20)
    asked = models.DateTimeField()
    by = models.CharField(max_length=64)
    answered = models.DateTimeField(null=True)
    last = models.DateTimeField()
    """When it was asked for or answered: the order in which the answered ones stand."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["provider", "standing", "asked", "id"], name="approval_list"),
            models.Index(fields=["provider", "by", "last", "id"], name="approval_of_asker"),
            models.Index(
                fields=["provider", "last", "id"], condition=~Q(standing="waiting"), name="approval_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.approval}"


class SupplierRow(models.Model):
    """Something that a supplier was asked for, as the list of them shows it: a hint, rebuilt from the facts."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="suppliers")
    matter = models.CharField(max_length=40)
    supplier = models.TextField()
    number = models.TextField(blank=True)
    asked = models.DateTimeField()
    chase = models.DateTimeField()
    chased = models.PositiveIntegerField(default=0)
    answered = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["provider", "chase", "id"], condition=Q(answered=None), name="supplier_to_chase"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.matter}"
