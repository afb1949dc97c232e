"""The lessons of cases, for those who review them."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar[list[Any]] = [("desk", "0031_porting")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            "Lesson",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("noted_at", models.DateTimeField()),
                ("noted_by", models.CharField(max_length=64)),
                ("cause", models.CharField(blank=True, max_length=60)),
                ("words", models.TextField(blank=True)),
                ("owner", models.CharField(blank=True, max_length=64)),
                ("review_on", models.DateField(null=True)),
                ("decision", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=64)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lessons", to="desk.caserow"
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
                    models.UniqueConstraint(fields=("provider", "case", "number"), name="one_lesson_a_number")
                ],
                "indexes": [
                    models.Index(fields=["provider", "-decided_at", "id"], name="lesson_decided"),
                    models.Index(
                        fields=["provider", "review_on", "id"],
                        condition=Q(decided_at__isnull=True),
                        name="lesson_waits",
                    ),
                ],
            },
        ),
    ]
