"""A key opens one door: the customers' book, as all did so far, or billing."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies: ClassVar[list[Any]] = [("desk", "0032_lessons")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            "doorkey",
            "opens",
            models.CharField(
                choices=[
                    ("customers", "Customers: writes the customers’ book, reads nothing"),
                    ("billing", "Billing: fetches what is owed to customers, and says what became of it"),
                ],
                default="customers",
                max_length=20,
            ),
        ),
    ]
