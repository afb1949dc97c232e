"""The rules by which a provider moves numbers."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One table: a row for each rule."""

    dependencies: ClassVar[list[Any]] = [("desk", "0030_scheme_decisions")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            "PortRule",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("start", models.CharField(max_length=15)),
                ("moves", models.BooleanField()),
                ("why", models.TextField(blank=True)),
                ("way", models.CharField(blank=True, max_length=20)),
                ("partner", models.CharField(blank=True, max_length=200)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=64)),
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
                "indexes": [models.Index(fields=["provider", "start"], name="port_rule_by_start")],
            },
        ),
    ]
