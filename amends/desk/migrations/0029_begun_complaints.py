"""Complaints that are begun in the portal and not sent yet: short-lived rows, no facts."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

PROVIDER = models.ForeignKey(
    db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="desk.provider"
)


class Migration(migrations.Migration):
    """Two tables: the answers of a browser, and the files that go with them."""

    dependencies: ClassVar[list[Any]] = [("desk", "0028_case_files")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            "BegunComplaint",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("browser", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=32)),
                ("said", models.JSONField(default=dict)),
                ("turn", models.PositiveIntegerField(default=0)),
                ("saved", models.DateTimeField(db_index=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desk.caserow",
                    ),
                ),
                ("provider", PROVIDER),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "key"), name="one_key_a_begun_complaint"),
                    models.UniqueConstraint(
                        condition=models.Q(("case__isnull", True)),
                        fields=("provider", "browser"),
                        name="one_begun_complaint_a_browser",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            "BegunFile",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("media_type", models.CharField(max_length=100)),
                ("content", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "begun",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="desk.beguncomplaint",
                    ),
                ),
                ("provider", PROVIDER.clone()),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(fields=("begun", "sha256"), name="one_begun_file_a_content")
                ]
            },
        ),
    ]
