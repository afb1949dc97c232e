"""Outages, the cases that are linked to them, and what is done for all of those cases at once."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Four tables."""

    dependencies: ClassVar[list[Any]] = [
        ("desk", "0033_door_keys"),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Outage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("what", models.TextField()),
                ("services", models.TextField(blank=True)),
                ("areas", models.TextField(blank=True)),
                ("numbers", models.TextField(blank=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("said_by", models.TextField()),
                ("supplier", models.TextField(blank=True)),
                ("reference", models.TextField(blank=True)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=64)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=64)),
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
        ),
        migrations.CreateModel(
            name="OutageCase",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("outage", models.PositiveIntegerField()),
                ("since", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_outages",
                        to="desk.caserow",
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
        ),
        migrations.CreateModel(
            name="OutageRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("words", models.TextField()),
                ("by", models.CharField(max_length=64)),
                ("name", models.TextField()),
                ("role", models.CharField(max_length=20)),
                ("queued_at", models.DateTimeField()),
                ("beyond_control", models.BooleanField(default=False)),
                ("looked_at", models.TextField(blank=True)),
                ("price_pence", models.PositiveIntegerField(null=True)),
                (
                    "outage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="desk.outage"
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
        ),
        migrations.CreateModel(
            name="OutageTurn",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("result", models.TextField(blank=True)),
                ("pence", models.PositiveBigIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="desk.caserow"
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
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="turns", to="desk.outagerun"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="outage",
            index=models.Index(
                condition=models.Q(("until__isnull", True)),
                fields=["provider", "since", "id"],
                name="outage_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.UniqueConstraint(fields=("provider", "number"), name="one_outage_a_number"),
        ),
        migrations.AddIndex(
            model_name="outagecase",
            index=models.Index(fields=["provider", "outage", "id"], name="outage_cases"),
        ),
        migrations.AddConstraint(
            model_name="outagerun",
            constraint=models.UniqueConstraint(
                fields=("provider", "outage", "number"), name="one_outage_run_a_number"
            ),
        ),
        migrations.AddIndex(
            model_name="outageturn",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["id"], name="outage_turn_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="outageturn",
            constraint=models.UniqueConstraint(fields=("provider", "run", "case"), name="one_turn_a_case"),
        ),
    ]
