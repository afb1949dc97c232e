"""Which case a merged case goes on as: a hint from its facts, by which old references find the way."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column of hints and its index."""

    dependencies: ClassVar[list[Any]] = [("desk", "0019_mail_grants")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            "caserow", "merged_into", models.CharField(blank=True, max_length=32)
        ),
        migrations.AddIndex(
            "caserow",
            models.Index(
                fields=["provider", "merged_into", "id"],
                condition=~models.Q(merged_into=""),
                name="case_merged_into",
            ),
        ),
    ]
