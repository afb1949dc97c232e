"""What tallies count of a scheme's decision: the customer's answer, by when it is carried out, and when it was."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Three columns, and the index by which what is late is found."""

    dependencies: ClassVar[list[Any]] = [("desk", "0029_begun_complaints")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField("casetally", "scheme_answer", models.CharField(blank=True, default="", max_length=20)),
        migrations.AlterField("casetally", "scheme_answer", models.CharField(blank=True, max_length=20)),
        migrations.AddField("casetally", "scheme_due", models.DateField(null=True)),
        migrations.AddField("casetally", "scheme_done", models.DateField(null=True)),
        migrations.AddIndex(
            "casetally",
            models.Index(
                fields=["scheme_due"],
                condition=Q(scheme_due__isnull=False, scheme_done__isnull=True),
                name="tally_scheme_due",
            ),
        ),
    ]
