from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # The rows of cases that are there are written by the first tick, which hints open cases anew.
    dependencies: ClassVar = [("desk", "0010_post")]
    operations: ClassVar = [
        migrations.RemoveIndex("caserow", "case_queue"),
        migrations.RemoveIndex("caserow", "case_of_handler"),
        migrations.RemoveField("caserow", "next_what"),
        migrations.RemoveField("caserow", "next_clause"),
        migrations.RemoveField("caserow", "next_action"),
        migrations.CreateModel(
            "DutyRow",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("handler", models.CharField(blank=True, max_length=64)),
                ("duty", models.TextField()),
                ("what", models.TextField()),
                ("clause", models.TextField(blank=True)),
                ("why", models.TextField(blank=True)),
                ("action", models.CharField(max_length=40)),
                ("letter", models.CharField(blank=True, max_length=40)),
                ("due", models.DateTimeField(null=True)),
                ("late_after", models.DateTimeField(null=True)),
                ("falls", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
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
            options={
                "indexes": [
                    models.Index(fields=["provider", "falls", "id"], name="duty_queue"),
                    models.Index(fields=["provider", "handler", "falls", "id"], name="duty_of_handler"),
                ]
            },
        ),
    ]
