"""`amends adopt`, `amends provider`, `amends person`: codes in force, companies, and who works there."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from amends.cli.codes import read_text
from amends.cli.desk import open_desk, provider_named, time
from amends.cli.said import Unusable, always_json, as_format, emit, note, say, secret_from_stdin
from amends.core.saying import counted

if TYPE_CHECKING:
    from amends.core.problems import Problem
    from amends.desk.models import Provider

BY: Final = "command line"
ROLES: Final = ("agent", "handler", "manager", "director", "compliance", "administrator", "auditor")


@click.command(short_help="Put a code in force for its provider.")
@click.argument("file", metavar="FILE")
@click.option("--as-published", is_flag=True, help="Take it with its faults; the law overlays them.")
@click.option("--scheme", default="", metavar="ID", help="The approved scheme that the provider belongs to.")
@click.option("--since", metavar="DATE", help="Since when it belongs to that scheme.")
@always_json
def adopt(file: str, scheme: str, since: str | None, *, as_published: bool) -> int:
    """Put a code in force for its provider, who is made if new, and print what is in force as JSON.

    The code governs complaints from its `in force from`, whenever it is adopted; `not stated` governs all. A code
    against a rule of the day is refused (exit 1, every problem on stderr) unless it is taken as published.

    \b
    Examples:
      amends adopt amends/codes/example.yaml --scheme communications-ombudsman --since 2024-01-01
      amends adopt amends/codes/opus.yaml --as-published
    """
    day = _date(since, "--since") if since else None
    text = read_text(file)
    open_desk()
    from amends.desk.providers import Adopted
    from amends.desk.providers import adopt as put_in_force
    from amends.desk.ticker import catch_up

    now = time(None)
    answer = put_in_force(text, file, now=now, by=BY, as_published=as_published, scheme=scheme, since=day)
    if isinstance(answer, Adopted):
        catch_up(now)
        if answer.warnings:
            note(f"taken with {counted(len(answer.warnings), 'problem')}: amends check {file}")
        if answer.comments:
            note(
                f"{counted(answer.comments, 'comment')} on the code to consider: see Provider in the console"
            )
        emit(answer.as_json())
        return 0
    _refused(answer)
    return 1


def _refused(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        note(f"{problem.where}: {problem.severity} {problem.rule}: {problem.message} Mend: {problem.mend}")
    emit({"refused": [problem.as_json() for problem in problems]})


def _date(words: str, where: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError as wrong:
        raise Unusable(f"{where}: {words!r} is no date: write it like 2026-04-08") from wrong


@click.group(short_help="The companies of this desk.")
def provider() -> None:
    """The companies of this desk. `amends adopt` makes one; `add` makes one that has no code yet."""


@provider.command("list")
@as_format
def list_providers(*, as_json: bool) -> int:
    """List the providers with their mail, their codes and their schemes.

    \b
    Example:
      amends provider list --format json
    """
    open_desk()
    from amends.desk.models import Provider

    rows = [_provider_json(each) for each in Provider.objects.order_by("pk")]
    if as_json:
        emit(rows)
    for row in () if as_json else rows:
        codes = ", ".join(f"{c['code']} {c['version']}" for c in row["codes"]) or "no code"
        schemes = (
            ", ".join(f"{m['scheme']} since {m['since']}" for m in row["schemes"]) or "no scheme recorded"
        )
        say(f"{row['provider']}: {row['name']}; mail {row['mail']}; {codes}; {schemes}")
    return 0


def _provider_json(each: Provider) -> dict[str, Any]:
    return {
        "provider": each.pk,
        "name": each.name,
        "mail": str(each.mail),
        "codes": [
            {
                "code": c.code,
                "version": c.version,
                "in_force_from": c.in_force_from and c.in_force_from.isoformat(),
            }
            for c in each.codes.order_by("position")
        ],
        "schemes": [
            {"scheme": m.scheme, "since": m.since.isoformat(), "until": m.until and m.until.isoformat()}
            for m in each.memberships.order_by("since")
        ],
    }


@provider.command("add")
@click.argument("slug", metavar="ID")
@click.option("--name", required=True, help="What customers call it.")
def add_provider(slug: str, name: str) -> int:
    """Add a provider that has no code yet: its complaints run on the law alone.

    \b
    Example:
      amends provider add example-broadband --name "Example Broadband"
    """
    open_desk()
    from django.core.exceptions import ValidationError

    from amends.desk.models import Provider

    made = Provider(slug=slug, name=name.strip(), created=time(None))
    try:
        made.full_clean()
    except ValidationError as wrong:
        raise Unusable(f"{slug!r}: {' '.join(wrong.messages)}") from wrong
    made.save(force_insert=True)
    say(f"{made.pk}: {made.name}")
    return 0


@provider.command("scheme")
@click.argument("slug", metavar="ID")
@click.argument("scheme_id", metavar="SCHEME")
@click.option("--since", required=True, metavar="DATE", help="Since when it belongs to it.")
def set_scheme(slug: str, scheme_id: str, since: str) -> int:
    """Record which approved scheme a provider belongs to, from a day on.

    \b
    Example:
      amends provider scheme example-broadband cisas --since 2026-01-01
    """
    day = _date(since, "--since")
    open_desk()
    from amends.desk.providers import belong
    from amends.law import law

    known = [scheme.id for scheme in law().schemes]
    if scheme_id not in known:
        raise Unusable(f"{scheme_id!r} is no approved scheme; there are: {', '.join(known)}")
    belong(provider_named(slug), scheme_id, day, by=BY, now=time(None))
    say(f"{slug} belongs to {scheme_id} since {day.isoformat()}")
    return 0


@click.group(short_help="The people who work with this desk.")
def person() -> None:
    """The people who work with this desk, with their roles."""


@person.command("add")
@click.argument("username")
@click.option("--provider", "slug", required=True, metavar="ID", help="Where they work.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they do there.")
@click.option("--name", default="", help="Their name, as customers are told it.")
@click.option("--phone", default="", help="Their direct number at work.")
@click.option("--email", default="", help="Their direct address at work.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin instead of asking for it.")
def add_person(
    username: str, slug: str, role: str, name: str, phone: str, email: str, *, password_stdin: bool
) -> int:
    """Add a person with a role; somebody who is there already gets one role more and keeps their password.

    \b
    Example:
      amends person add hana --provider example-broadband --role handler --name "Hana Price"
    """
    open_desk()
    from amends.core.may import Refusal
    from amends.desk.models import RoleName
    from amends.desk.people import make_person

    where = provider_named(slug)
    made = make_person(
        username, name=name or username, password=_password(username, asked=not password_stdin), provider=where,
        role=RoleName(role), by=BY, now=time(None), phone=phone, email=email,
    )  # fmt: skip
    if isinstance(made, Refusal):
        raise Unusable(f"{username}: {made}")
    say(f"{username} is {role} at {slug}")
    return 0


def _password(username: str, *, asked: bool) -> str:
    from django.contrib.auth.models import User

    if User.objects.filter(username=username).exists():
        return ""
    if not asked:
        return secret_from_stdin("Password")
    if not os.isatty(sys.stdin.fileno()):
        raise Unusable("the password cannot be asked for here: give it with --password-stdin")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("The same again: "):
        raise Unusable("the two passwords are not the same")
    return first


@person.command("list")
@as_format
def list_people(*, as_json: bool) -> int:
    """List who has which role where.

    \b
    Example:
      amends person list
    """
    open_desk()
    from amends.desk.models import Role

    rows = [
        {
            "username": role.person.get_username(), "name": role.person.first_name, "provider": role.provider_id,
            "role": str(role.role), "phone": role.phone, "email": role.email,
        }
        for role in Role.objects.select_related("person").order_by("provider", "person__username", "role")
    ]  # fmt: skip
    if as_json:
        emit(rows)
    for row in () if as_json else rows:
        say(f"{row['username']} ({row['name']}): {row['role']} at {row['provider']}")
    return 0
