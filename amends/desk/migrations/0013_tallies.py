"""What lists, reports and the search read of cases. The index of words is the database's own: FTS5 on SQLite, lexemes with
a GIN index on PostgreSQL, both kept by the database when the words of a case change. A desk with cases fills all this by
its worker, a few hundred cases at a time (`catching_up`)."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

SQLITE = (
    # The provider is one word of the index, so that a search meets only its own cases.
    """
    CREATE VIRTUAL TABLE desk_words_index USING fts5(
        provider_id, words, content='desk_casewords', content_rowid='case_id', columnsize=0,
        tokenize="porter unicode61 tokenchars '-_'")
    """,
    """
    CREATE TRIGGER desk_words_insert AFTER INSERT ON desk_casewords BEGIN
        INSERT INTO desk_words_index(rowid, provider_id, words) VALUES (new.case_id, new.provider_id, new.words);
    END
    """,
    """
    CREATE TRIGGER desk_words_delete AFTER DELETE ON desk_casewords BEGIN
        INSERT INTO desk_words_index(desk_words_index, rowid, provider_id, words)
        VALUES ('delete', old.case_id, old.provider_id, old.words);
    END
    """,
    """
    CREATE TRIGGER desk_words_update AFTER UPDATE ON desk_casewords BEGIN
        INSERT INTO desk_words_index(desk_words_index, rowid, provider_id, words)
        VALUES ('delete', old.case_id, old.provider_id, old.words);
        INSERT INTO desk_words_index(rowid, provider_id, words) VALUES (new.case_id, new.provider_id, new.words);
    END
    """,
)
SQLITE_BACK = ("DROP TABLE desk_words_index",)
POSTGRESQL = (
    """
    ALTER TABLE desk_casewords ADD COLUMN lexemes tsvector GENERATED ALWAYS AS (
        array_to_tsvector(ARRAY['house=' || provider_id]) || to_tsvector('english'::regconfig, words)) STORED
    """,
    "CREATE INDEX desk_words_index ON desk_casewords USING gin (lexemes)",
)
POSTGRESQL_BACK = ("DROP INDEX desk_words_index", "ALTER TABLE desk_casewords DROP COLUMN lexemes")


def _run(statements: tuple[str, ...], editor: Any) -> None:
    for statement in statements:
        editor.execute(statement, None)


def index(_apps: Any, editor: Any) -> None:
    _run(SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL, editor)


def no_index(_apps: Any, editor: Any) -> None:
    _run(SQLITE_BACK if editor.connection.vendor == "sqlite" else POSTGRESQL_BACK, editor)


def behind(apps: Any, _editor: Any) -> None:
    """Cases that are here already are caught up with by the worker."""
    if apps.get_model("desk", "CaseRow").objects.exists():
        beats = apps.get_model("desk", "Heartbeat").objects
        beats.update_or_create(name="catching up", defaults={"at": timezone.now(), "detail": "0"})


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0012_signing_in'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseWords',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='desk.caserow')),
                ('words', models.TextField(blank=True)),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='desk.provider')),
            ],
        ),
        migrations.CreateModel(
            name='CaseTally',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='tally', serialize=False, to='desk.caserow')),
                ('received', models.DateField(null=True)),
                ('first_received', models.DateTimeField(null=True)),
                ('channel', models.CharField(blank=True, max_length=20)),
                ('complaint', models.BooleanField(null=True)),
                ('counts', models.BooleanField(default=False)),
                ('is_open', models.BooleanField(default=True)),
                ('state', models.CharField(blank=True, max_length=20)),
                ('stage', models.TextField(blank=True)),
                ('handler', models.CharField(blank=True, max_length=64)),
                ('next_due', models.DateTimeField(null=True)),
                ('category', models.CharField(blank=True, max_length=60)),
                ('cause', models.CharField(blank=True, max_length=60)),
                ('need', models.CharField(blank=True, max_length=40)),
                ('customer_kind', models.CharField(blank=True, max_length=20)),
                ('acknowledged_after', models.PositiveBigIntegerField(null=True)),
                ('replied_after', models.PositiveBigIntegerField(null=True)),
                ('resolved_after', models.PositiveIntegerField(null=True)),
                ('first_contact', models.BooleanField(default=False)),
                ('closed', models.DateField(null=True)),
                ('evidence', models.CharField(blank=True, max_length=40)),
                ('outcome', models.CharField(blank=True, max_length=20)),
                ('credit_pence', models.PositiveBigIntegerField(default=0)),
                ('deadlocked', models.DateField(null=True)),
                ('adr_letter', models.DateField(null=True)),
                ('referred', models.DateField(null=True)),
                ('scheme', models.CharField(blank=True, max_length=60)),
                ('scheme_decided', models.DateField(null=True)),
                ('scheme_outcome', models.CharField(blank=True, max_length=40)),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='desk.provider')),
            ],
            options={
                'indexes': [models.Index(fields=['provider', 'first_received', 'case'], name='tally_by_age'), models.Index(fields=['provider', 'received', 'counts'], name='tally_by_day'), models.Index(condition=models.Q(('is_open', True)), fields=['provider', 'first_received', 'case'], name='tally_open'), models.Index(condition=models.Q(('adr_letter__isnull', False)), fields=['provider', 'adr_letter'], name='tally_adr'), models.Index(condition=models.Q(('deadlocked__isnull', False)), fields=['provider', 'deadlocked'], name='tally_deadlocked'), models.Index(condition=models.Q(('scheme_decided__isnull', False)), fields=['provider', 'scheme_decided'], name='tally_scheme_decided'), models.Index(condition=models.Q(('referred__isnull', False)), fields=['provider', 'referred'], name='tally_referred')],
            },
        ),
        migrations.CreateModel(
            name='CustomerCount',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('customers', models.PositiveIntegerField()),
                ('entered', models.DateTimeField()),
                ('entered_by', models.CharField(max_length=64)),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='desk.provider')),
            ],
            options={
                'indexes': [models.Index(fields=['provider', 'month', 'id'], name='customers_by_month')],
            },
        ),
        migrations.CreateModel(
            name='PromiseTally',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('clock', models.CharField(max_length=120)),
                ('clause', models.CharField(max_length=100)),
                ('law', models.BooleanField(default=False)),
                ('owe', models.CharField(max_length=40)),
                ('late_after', models.DateTimeField(null=True)),
                ('settled', models.DateTimeField(null=True)),
                ('stopped', models.BooleanField(default=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='desk.caserow')),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='desk.provider')),
            ],
            options={
                'indexes': [models.Index(fields=['provider', 'late_after', 'id'], name='promise_by_time')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('query', models.TextField()),
                ('shared', models.BooleanField(default=False)),
                ('made', models.DateTimeField()),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='desk.provider')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('provider', 'person', 'name'), name='one_view_a_name')],
            },
        ),
        migrations.CreateModel(
            name='WordList',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('words', models.JSONField(default=list)),
                ('changed', models.DateTimeField()),
                ('changed_by', models.CharField(max_length=64)),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='desk.provider')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('provider', 'kind'), name='one_list_a_kind')],
            },
        ),
        migrations.RunPython(index, no_index),
        migrations.RunPython(behind, migrations.RunPython.noop),
    ]
