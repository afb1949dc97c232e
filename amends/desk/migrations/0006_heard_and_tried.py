from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("desk", "0005_newest_letters")]
    operations: ClassVar = [
        migrations.AddField("mailbox", "own_lists", models.JSONField(default=list)),
        migrations.AddField("mailbox", "created", models.DateTimeField(null=True)),
        migrations.AddField("mailbox", "fetch_from", models.DateField(null=True)),
        migrations.AddField("mailbox", "polled", models.DateTimeField(null=True)),
        migrations.AddField("keptmessage", "tries", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("keptmessage", "try_after", models.DateTimeField(null=True)),
    ]
