from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("desk", "0007_alarms_leave")]
    operations: ClassVar = [
        migrations.AddIndex(
            "outgoing",
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(state="ready") & models.Q(letter="copy-of-code"),
                name="outgoing_copies",
            ),
        ),
        migrations.CreateModel(
            "CodeComment",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("clause", models.CharField(blank=True, max_length=100)),
                ("at", models.DateTimeField()),
                ("words", models.TextField(blank=True)),
                ("name", models.TextField(blank=True)),
                ("email", models.TextField(blank=True)),
                ("considered_at", models.DateTimeField(null=True)),
                ("considered_by", models.CharField(blank=True, max_length=64)),
                ("decision", models.TextField(blank=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "code",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="comments", to="desk.adoptedcode"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False, on_delete=models.PROTECT, related_name="+", to="desk.provider"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["provider", "-id"], name="comment_newest"),
                    models.Index(
                        fields=["provider", "id"],
                        condition=models.Q(considered_at__isnull=True),
                        name="comment_waits",
                    ),
                ],
            },
        ),
    ]
