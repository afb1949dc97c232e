"""What a case was opened as, for lists; cases of before are filled in when their hints are worked out again."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column of the tallies, which can all be rebuilt."""

    dependencies: ClassVar[list[Any]] = [("desk", "0026_stage_roles")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField("casetally", "kind", models.CharField(blank=True, default="", max_length=40), preserve_default=False),
    ]
