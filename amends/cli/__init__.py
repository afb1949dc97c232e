"""`amends …`: the commands, each documented with its JSON in docs/commands.md.

Exit 0 for good, 1 for problems found, 2 for unusable input with one line that says what and where; `receive` alone
answers 75 when it could not keep a message, so that a mail server tries again.
"""

from __future__ import annotations

import os
import sys

import click

from amends.cli.alarms import alarms
from amends.cli.cases import NOT_KEPT, case, receive, tick
from amends.cli.codes import check, explain, schema
from amends.cli.evidence import refold, verify
from amends.cli.house import adopt, provider
from amends.cli.imports import import_
from amends.cli.mail import mail
from amends.cli.people import person
from amends.cli.publish import publish
from amends.cli.report import report
from amends.cli.retention import retention
from amends.cli.running import demo, doctor, serve, work
from amends.cli.seed import seed
from amends.cli.words import words

PROBLEMS_FOUND = 1
UNUSABLE = 2
INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="amends", prog_name="amends")
def amends() -> None:
    """Run a communications provider's code of practice: complaints, clocks, letters and proof.

    The desk's folder is AMENDS_HOME (~/.amends without it); every command that needs it makes or upgrades it. check,
    explain, publish and schema need none, and demo has a folder of its own.
    """


for command in (
    check, explain, publish, schema, adopt, receive, case, tick, work, serve,
    mail, alarms, provider, words, person, verify, refold, report, doctor, demo, seed,
    import_, retention,
):  # fmt: skip
    amends.add_command(command)


def main() -> int:
    """Run the command that was typed. The number is the exit status."""
    try:
        status = amends.main(prog_name="amends", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as asked:
        # Whoever types no more than the name of a group asks what there is.
        click.echo(asked.ctx.get_help())
        return 0
    except click.UsageError as wrong:
        where = wrong.ctx.command_path if wrong.ctx else "amends"
        status = NOT_KEPT if wrong.ctx and wrong.ctx.command is receive else UNUSABLE
        return _one_line(f"{where}: {wrong.format_message()}", status)
    except click.ClickException as wrong:
        return _one_line(wrong.format_message(), wrong.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has gone; Python would say so once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEMS_FOUND
    except Exception as fault:
        if not _of_the_database(fault):
            raise
        return _one_line(f"the database failed: {fault}", UNUSABLE)
    return status if isinstance(status, int) else 0


def _of_the_database(fault: Exception) -> bool:
    """Whether the database is what failed; asked without loading Django for a command that never did."""
    django_db = sys.modules.get("django.db")
    return django_db is not None and isinstance(fault, django_db.DatabaseError)


def _one_line(words: str, status: int) -> int:
    click.echo(" ".join(words.split()), err=True)
    return status
