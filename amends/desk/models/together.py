"""Who is on a case at this moment, and what somebody was writing: short-lived rows, no facts."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class CasePresence(models.Model):
    """A person on a case: when their browser last said so, and which form they have open."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    doing = models.CharField(max_length=40, blank=True)
    """The slug of the form; empty while they only look."""
    seen = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "person"], name="one_presence_a_case"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.case_id}"


class Draft(models.Model):
    """What a person typed into a form of a case and has not sent. Theirs alone; it goes when the case is erased."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    case = models.ForeignKey(CaseRow, models.PROTECT, null=True, related_name="+")
    """None for a new contact of somebody whose case is not chosen yet."""
    deed = models.CharField(max_length=40)
    """The slug of the form."""
    said = models.JSONField(default=dict)
    """What stands in each box."""
    facts = models.PositiveIntegerField(null=True)
    """How many facts the case had when the form was shown."""
    saved = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "person", "case", "deed"], name="one_draft_a_form"),
            models.UniqueConstraint(
                fields=["provider", "person", "deed"],
                condition=Q(case__isnull=True),
                name="one_draft_without_case",
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.id} {self.deed}"
