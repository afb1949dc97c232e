"""How long words are kept: the period of each provider, and where each ended case stands on the way to being erased."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

STATES = [("kept", "Kept"), ("held", "Held"), ("announced", "Announced"), ("erased", "Erased")]


class Migration(migrations.Migration):
    """Two tables, and an index by the day of closing. Nothing is erased by itself until a provider chooses a period."""

    dependencies: ClassVar[list[Any]] = [("desk", "0035_data_bundles")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            "RetentionRule",
            [
                (
                    "provider",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="retention",
                        serialize=False, to="desk.provider",
                    ),
                ),
                ("months", models.PositiveSmallIntegerField()),
                ("since", models.DateTimeField()),
                ("by", models.CharField(max_length=64)),
                ("looked", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            "Retention",
            [
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="retention",
                        serialize=False, to="desk.caserow",
                    ),
                ),
                ("state", models.CharField(choices=STATES, max_length=10)),
                ("closed", models.DateField(null=True)),
                ("day", models.DateField(null=True)),
                ("why", models.TextField(blank=True)),
                ("by", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="desk.provider"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["provider", "state", "day", "case"], name="retention_list"),
                    models.Index(
                        fields=["state", "day"], condition=models.Q(state__in=["kept", "announced"]),
                        name="retention_due",
                    ),
                ]
            },
        ),
        migrations.AddIndex(
            "casetally",
            models.Index(
                fields=["provider", "closed", "case"], condition=models.Q(closed__isnull=False), name="tally_closed"
            ),
        ),
    ]  # fmt: skip
