"""What people say of a published code: kept until its next review, with what was decided about it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from amends.desk.models.providers import AdoptedCode, Provider


class CodeComment(models.Model):
    """A comment on one version of a code (O-review): whose it is, what it says, and what came of it."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    code = models.ForeignKey(AdoptedCode, models.PROTECT, related_name="comments")
    """The version that they had read."""
    clause = models.CharField(max_length=100, blank=True)
    """The id of the clause that it is about; empty for the code as a whole."""
    at = models.DateTimeField()
    words = models.TextField(blank=True)
    name = models.TextField(blank=True)
    email = models.TextField(blank=True)
    considered_at = models.DateTimeField(null=True)
    considered_by = models.CharField(max_length=64, blank=True)
    """The id of the person who decided about it."""
    decision = models.TextField(blank=True)
    """What was decided, for the next version and for whoever asks."""
    erased_at = models.DateTimeField(null=True)
    """When its words and whose it was were erased; that there was one, and what was decided, stays."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["provider", "-id"], name="comment_newest"),
            models.Index(
                fields=["provider", "id"], condition=Q(considered_at__isnull=True), name="comment_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.id} on {self.clause or 'the code'}"
