"""The copies of personal data that were made for the people whom they are about."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One table, and which cases each copy was made from."""

    dependencies: ClassVar[list[Any]] = [("desk", "0034_outages")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            "DataBundleRow",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=64)),
                ("page", models.BinaryField(null=True)),
                ("told", models.BinaryField(null=True)),
                ("papers", models.JSONField(default=list)),
                ("taken_out", models.PositiveIntegerField(default=0)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bundles", to="desk.caserow"
                    ),
                ),
                ("cases", models.ManyToManyField(related_name="+", to="desk.caserow")),
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
                    models.UniqueConstraint(fields=("provider", "case", "number"), name="one_bundle_a_number")
                ],
            },
        ),
    ]
