"""What is left out of a case file, kept beside it in the words in which the file says it."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column; of files that were made before it nothing is told but how much a person left out."""

    dependencies: ClassVar[list[Any]] = [("desk", "0036_retention")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField("casefilerow", "out", models.JSONField(default=list)),
    ]
