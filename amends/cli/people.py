"""`amends person`: who works with this desk, in which roles, and how they sign in."""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING, Final

import click

from amends.cli.desk import open_desk, provider_named, time
from amends.cli.house import BY
from amends.cli.said import Unusable, as_format, emit, london, say, secret_from_stdin

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ROLES: Final = ("agent", "handler", "manager", "director", "compliance", "administrator", "auditor")


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
@click.option("--no-password", is_flag=True, help="They come by single sign-on alone.")
@click.option("--sign-on-email", default="", help="Their address at the provider's identity provider.")
def add_person(  # noqa: PLR0913 - every option of the command
    username: str,
    slug: str,
    role: str,
    name: str,
    phone: str,
    email: str,
    sign_on_email: str,
    *,
    password_stdin: bool,
    no_password: bool,
) -> int:
    """Add a person with a role; somebody who is there already gets one role more and keeps their password.

    \b
    Example:
      amends person add hana --provider example-broadband --role handler --name "Hana Price"
    """
    open_desk()
    from amends.core.may import Refusal
    from amends.desk.models import RoleName
    from amends.desk.people import make_person, record_sign_on

    where = provider_named(slug)
    made = make_person(
        username, name=name or username, provider=where,
        password=None if no_password else _password(username, asked=not password_stdin),
        role=RoleName(role), by=BY, now=time(None), phone=phone, email=email,
    )  # fmt: skip
    if isinstance(made, Refusal):
        raise Unusable(f"{username}: {made}")
    if sign_on_email:
        refusal = record_sign_on(made, where, email=sign_on_email, subject="", by=BY, now=time(None))
        if refusal is not None:
            raise Unusable(f"{username}: {refusal}")
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


def _person(username: str) -> User:
    """The person with this name. Raises Unusable."""
    from django.contrib.auth.models import User

    found = User.objects.filter(username=username).first()
    if found is None:
        raise Unusable(f"nobody signs in as {username!r}")
    return found


@person.command("reset-second-factor")
@click.argument("username")
def reset_second_factor(username: str) -> int:
    """Take somebody's second factors and recovery codes away: their phone is lost. They are signed out everywhere.

    \b
    Example:
      amends person reset-second-factor hana
    """
    open_desk()
    from amends.desk import people

    count = people.reset_second_factor(_person(username), by=BY, now=time(None))
    say(f"{username}: {count} second factor(s) taken away; signed out everywhere")
    return 0


@person.command("reset-password")
@click.argument("username")
def reset_password(username: str) -> int:
    """Give somebody a password for one sign-in and print it; they choose their own there.

    \b
    Example:
      amends person reset-password hana
    """
    open_desk()
    from amends.desk import people

    say(people.reset_password(_person(username), by=BY, now=time(None)))
    return 0


@person.command("require-second-factor")
@click.option("--provider", "slug", required=True, metavar="ID", help="Whose rule it is.")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice(ROLES), help="Who needs one; may stand several times."
)
@click.option("--everybody", is_flag=True, help="Every role.")
@click.option("--nobody", is_flag=True, help="No role.")
@as_format
def require_second_factor(
    slug: str, roles: tuple[str, ...], *, everybody: bool, nobody: bool, as_json: bool
) -> int:
    """Say which roles of a provider need a second factor, in place of what was said before; or show what is.

    \b
    Examples:
      amends person require-second-factor --provider example-broadband --role manager --role administrator
      amends person require-second-factor --provider example-broadband
    """
    if bool(roles) + everybody + nobody > 1:
        raise Unusable("say --role, or --everybody, or --nobody")
    open_desk()
    from amends.desk import people
    from amends.desk.models import SignInRules
    from amends.desk.signing.gate import IDLE_MINUTES

    where = provider_named(slug)
    kept = SignInRules.objects.filter(provider=where).first()
    idle = kept.idle_minutes if kept else IDLE_MINUTES
    if roles or everybody or nobody:
        wanted = ROLES if everybody else roles
        kept = people.set_sign_in_rules(where, roles=wanted, idle_minutes=idle, by=BY, now=time(None))
    needing = kept.second_factor_roles if kept else []
    if as_json:
        emit({"provider": slug, "second_factor_roles": needing, "idle_minutes": idle})
    else:
        say(f"{slug}: a second factor is needed by {', '.join(needing) or 'nobody'}")
    return 0


@person.command("sign-ins")
@click.option("--username", help="Only this person's.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most."
)
@as_format
def sign_ins(username: str | None, limit: int, *, as_json: bool) -> int:
    """List who signed in or tried to, when, from where and how: newest first.

    \b
    Example:
      amends person sign-ins --username hana --format json
    """
    open_desk()
    from amends.desk.models import SignIn

    found = SignIn.objects.select_related("person").order_by("-id")
    if username is not None:
        found = found.filter(person=_person(username))
    rows = [
        {
            "at": london(line.at), "username": line.person.get_username() if line.person else None,
            "provider": line.provider_id, "tried": line.tried, "by": line.by, "address": line.address,
            "browser": line.browser, "subject": line.subject, "email": line.email, "why": line.why,
        }
        for line in found[:limit]
    ]  # fmt: skip
    if as_json:
        emit(rows)
    for row in () if as_json else rows:
        say(f"{row['at']} {row['username'] or '(nobody)'}: {row['tried']} {row['by']} from {row['address']}")
    return 0


@person.command("list")
@as_format
def list_people(*, as_json: bool) -> int:
    """List who has which role where.

    \b
    Example:
      amends person list
    """
    open_desk()
    from django.contrib.auth.models import User

    from amends.desk.models import Role
    from amends.desk.signing import factors

    have = factors.who_have(list(User.objects.all()))
    rows = [
        {
            "username": role.person.get_username(), "name": role.person.first_name, "provider": role.provider_id,
            "role": str(role.role), "phone": role.phone, "email": role.email,
            "second_factor": role.person_id in have,
        }
        for role in Role.objects.select_related("person").order_by("provider", "person__username", "role")
    ]  # fmt: skip
    if as_json:
        emit(rows)
    for row in () if as_json else rows:
        second = ", second factor" if row["second_factor"] else ""
        say(f"{row['username']} ({row['name']}): {row['role']} at {row['provider']}{second}")
    return 0
