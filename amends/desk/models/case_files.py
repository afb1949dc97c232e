"""The case files that were made for schemes: the PDF of each, and the list of its documents."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from amends.desk.models.cases import CaseRow
from amends.desk.models.post import Document
from amends.desk.models.providers import Provider


class CaseFileRow(models.Model):
    """A case file as it was made. Its zip is put together from what is kept already: erasing a case reaches it."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="case_files")
    number = models.PositiveIntegerField()
    """Which file of its case it is: 1, 2, 3 …"""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    pdf = models.ForeignKey(Document, models.PROTECT, related_name="+", db_index=False)
    papers = models.JSONField(default=list)
    """Its documents in order: where each is kept, its name in the zip, its size and its SHA-256. Empty once erased."""
    left_out = models.PositiveIntegerField(default=0)
    """How many things a person left out."""
    out = models.JSONField(default=list)
    """What is left out, by a person or because it is a code, as its last part says it: kinds and reasons, no words."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "case", "number"], name="one_case_file_a_number"),
        ]

    def __str__(self) -> str:
        return f"case file {self.number} of {self.case_id}"
