"""The case files that were made for schemes."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar[list[Any]] = [("desk", "0027_kinds")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            "CaseFileRow",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=64)),
                ("papers", models.JSONField(default=list)),
                ("left_out", models.PositiveIntegerField(default=0)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_files",
                        to="desk.caserow",
                    ),
                ),
                (
                    "pdf",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desk.document",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desk.provider",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "case", "number"), name="one_case_file_a_number"
                    )
                ],
            },
        ),
    ]
