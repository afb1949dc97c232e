from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import TruncDate


def fill(apps: Any, _editor: Any) -> None:
    """Letters that wait for the post are due on the day of their decision; open cases get their new hint."""
    waiting = apps.get_model("desk", "Outgoing").objects.filter(
        channel="letter", state__in=("to post", "held")
    )
    waiting.update(post_by=TruncDate(F("decided_at")))
    apps.get_model("desk", "CaseRow").objects.filter(is_open=True).update(hint_made_by="")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("desk", "0009_chats")]
    operations: ClassVar = [
        migrations.AddField("outgoing", "post_by", models.DateField(null=True)),
        migrations.AddIndex(
            "outgoing",
            models.Index(
                fields=["provider", "lane", "post_by", "id"],
                condition=Q(state="to post"),
                name="outgoing_to_post",
            ),
        ),
        migrations.AddField("caserow", "unreached", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "caserow",
            models.Index(
                fields=["unreached", "id"], condition=Q(unreached__isnull=False), name="case_unreached"
            ),
        ),
        migrations.CreateModel(
            "PrintBatch",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=64)),
                ("both_sides", models.BooleanField(default=False)),
                ("pages", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "provider",
                    models.ForeignKey(
                        "desk.provider",
                        django.db.models.deletion.PROTECT,
                        related_name="batches",
                        db_index=False,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            "BatchedLetter",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField()),
                ("pages", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "provider",
                    models.ForeignKey(
                        "desk.provider", django.db.models.deletion.PROTECT, related_name="+", db_index=False
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        "desk.printbatch", django.db.models.deletion.PROTECT, related_name="letters"
                    ),
                ),
                (
                    "outgoing",
                    models.OneToOneField(
                        "desk.outgoing", django.db.models.deletion.PROTECT, related_name="batched"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "printbatch", models.UniqueConstraint(fields=["provider", "number"], name="one_batch_a_number")
        ),
        migrations.AddConstraint(
            "batchedletter",
            models.UniqueConstraint(fields=["provider", "batch", "place"], name="one_letter_a_place"),
        ),
        migrations.CreateModel(
            "LetterheadVersion",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("since", models.DateField()),
                ("logo", models.BinaryField(default=b"")),
                ("logo_type", models.CharField(max_length=20, blank=True)),
                ("address", models.TextField(blank=True)),
                ("signature", models.CharField(max_length=100, blank=True)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=64)),
                (
                    "provider",
                    models.ForeignKey(
                        "desk.provider",
                        django.db.models.deletion.PROTECT,
                        related_name="letterheads",
                        db_index=False,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "letterheadversion",
            models.UniqueConstraint(fields=["provider", "position"], name="one_letterhead_a_position"),
        ),
        migrations.CreateModel(
            "AdoptedWords",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("words", models.CharField(max_length=100)),
                ("version", models.CharField(max_length=100)),
                ("fingerprint", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("in_force_from", models.DateField()),
                ("adopted_at", models.DateTimeField()),
                ("adopted_by", models.CharField(max_length=64)),
                (
                    "provider",
                    models.ForeignKey(
                        "desk.provider",
                        django.db.models.deletion.PROTECT,
                        related_name="words",
                        db_index=False,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "adoptedwords",
            models.UniqueConstraint(fields=["provider", "fingerprint"], name="one_row_a_version_of_words"),
        ),
        migrations.AddConstraint(
            "adoptedwords",
            models.UniqueConstraint(fields=["provider", "position"], name="one_adoption_of_words_at_a_time"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
