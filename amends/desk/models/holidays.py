"""Bank holidays that were proclaimed, or taken back, after the list that comes with the program was made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class HolidayNotice(models.Model):
    """One day, for the whole desk: never changed or deleted, only followed by another notice about the same day."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    title = models.CharField(max_length=100)
    divisions = models.JSONField(default=list)
    """For which nations it holds."""
    is_holiday = models.BooleanField(default=True)
    """Whether it is a bank holiday from now on; False for one that was taken back."""
    source = models.CharField(max_length=300)
    """Where it was proclaimed."""
    announced = models.DateField()
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day"], name="notice_by_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.title}"
