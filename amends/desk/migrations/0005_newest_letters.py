from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("desk", "0004_formats")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(fields=["provider", "id"], name="outgoing_newest"),
        ),
    ]
