"""A complaint that somebody has begun in the portal and not sent yet: what they have answered so far, and their files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class BegunComplaint(models.Model):
    """The answers of one browser. No case and no fact: it goes when it is sent, thrown away, or left for a day."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    browser = models.CharField(max_length=64)
    """The digest of what the browser keeps; that itself is not kept here."""
    key = models.CharField(max_length=32)
    """By which its last page names it: sent twice, it is one complaint."""
    said = models.JSONField(default=dict)
    """What was answered, by the name of its box; empty since it was sent."""
    turn = models.PositiveIntegerField(default=0)
    """How often an answer was kept: a page of another window that shows an older turn is not sent unseen."""
    saved = models.DateTimeField(db_index=True)
    """When an answer was kept last; of one that was sent, when that was."""
    case = models.ForeignKey(CaseRow, models.PROTECT, null=True, related_name="+")
    """The case that it became; None while it is not sent."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "key"], name="one_key_a_begun_complaint"),
            models.UniqueConstraint(
                fields=["provider", "browser"],
                condition=Q(case__isnull=True),
                name="one_begun_complaint_a_browser",
            ),
        ]

    def __str__(self) -> str:
        return f"begun complaint {self.pk}"


class BegunFile(models.Model):
    """A file that goes with a complaint which is not sent yet; its bytes are a stranger's, and are only ever handed on."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    begun = models.ForeignKey(BegunComplaint, models.CASCADE, related_name="files", db_index=False)
    name = models.TextField()
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["begun", "sha256"], name="one_begun_file_a_content"),
        ]

    def __str__(self) -> str:
        return f"file {self.pk} of {self.begun_id}"
