"""Hints by which customers are looked up. On PostgreSQL names are ordered by their bytes, as on SQLite: then the names
that begin with some letters stand together in the index, whatever language the server sorts by."""

from typing import Any

from django.db import migrations, models


def by_bytes(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        for column, length in (("name_key", 200), ("surname_key", 100)):
            editor.execute(f'ALTER TABLE desk_caserow ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"')


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0002_facts_are_sealed'),
    ]

    operations = [
        migrations.AddField(
            model_name='caserow',
            name='name_key',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='caserow',
            name='phone_key',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name='caserow',
            name='surname_key',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.RunPython(by_bytes, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='caserow',
            index=models.Index(fields=['provider', 'name_key', 'id'], name='case_by_name'),
        ),
        migrations.AddIndex(
            model_name='caserow',
            index=models.Index(fields=['provider', 'surname_key', 'id'], name='case_by_surname'),
        ),
        migrations.AddIndex(
            model_name='caserow',
            index=models.Index(fields=['provider', 'phone_key', 'id'], name='case_by_phone'),
        ),
        migrations.AddIndex(
            model_name='caserow',
            index=models.Index(fields=['provider', 'postcode', 'id'], name='case_by_postcode'),
        ),
        migrations.AddIndex(
            model_name='caserow',
            index=models.Index(fields=['provider', 'account', 'id'], name='case_by_account'),
        ),
    ]
