"""Who is on a case at this moment, and what somebody was writing: short-lived rows."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROVIDER = models.ForeignKey(
    db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="desk.provider"
)


class Migration(migrations.Migration):
    """Two tables of rows that are no facts."""

    dependencies: ClassVar[list[Any]] = [
        ("desk", "0024_sync_door"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            "CasePresence",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("doing", models.CharField(blank=True, max_length=40)),
                ("seen", models.DateTimeField(db_index=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desk.caserow",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("provider", PROVIDER),
            ],
            {"constraints": [models.UniqueConstraint(fields=("case", "person"), name="one_presence_a_case")]},
        ),
        migrations.CreateModel(
            "Draft",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("deed", models.CharField(max_length=40)),
                ("said", models.JSONField(default=dict)),
                ("facts", models.PositiveIntegerField(null=True)),
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
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("provider", PROVIDER.clone()),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "person", "case", "deed"), name="one_draft_a_form"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("case__isnull", True)),
                        fields=("provider", "person", "deed"),
                        name="one_draft_without_case",
                    ),
                ]
            },
        ),
    ]
