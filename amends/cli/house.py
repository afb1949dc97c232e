"""`amends adopt`, `amends provider`: codes in force, companies, and their single sign-on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from amends.cli.codes import read_text
from amends.cli.desk import open_desk, provider_named, time
from amends.cli.said import Unusable, always_json, as_format, emit, london, note, say, secret_from_stdin
from amends.core.saying import counted

if TYPE_CHECKING:
    from amends.core.problems import Problem
    from amends.desk.models import Provider

BY: Final = "command line"


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


@provider.command("sign-on")
@click.argument("slug", metavar="ID")
@click.option("--issuer", default="", help="Such as https://accounts.google.com.")
@click.option("--client-id", default="", help="The id that the identity provider gave this desk.")
@click.option("--client-secret", default="", metavar="env:NAME|file:NAME", help="Where the secret is kept.")
@click.option(
    "--client-secret-stdin", is_flag=True, help="Read the secret from stdin into the desk's folder."
)
@click.option("--name", default="", help="What people call it, such as Microsoft.")
@click.option(
    "--has-second-factor", is_flag=True, help="It asks everybody for a second factor, so the desk need not."
)
@click.option("--off", is_flag=True, help="Take single sign-on away, with every link to it.")
@as_format
def sign_on(  # noqa: PLR0913 - every option of the command
    slug: str, issuer: str, client_id: str, client_secret: str, name: str,
    *, client_secret_stdin: bool, has_second_factor: bool, off: bool, as_json: bool,
) -> int:  # fmt: skip
    """Set up a provider's single sign-on by OpenID Connect, or show it; docs/signing-in.md goes through it.

    \b
    Examples:
      amends provider sign-on example-broadband --name Google --issuer https://accounts.google.com \\
        --client-id 1234.apps.example --client-secret-stdin < secret.txt
      amends provider sign-on example-broadband --format json
    """
    open_desk()
    from amends.desk.models import SignOn
    from amends.desk.signing import house_sign_on

    where = provider_named(slug)
    if off:
        house_sign_on.take_away(where, by=BY, now=time(None))
    elif issuer or client_id:
        secret = f"file:{slug}-sign-on" if client_secret_stdin else client_secret
        refusal = house_sign_on.set_up(
            where, name=name, issuer=issuer, client_id=client_id, client_secret=secret,
            has_second_factor=has_second_factor, by=BY, now=time(None),
            kept=secret_from_stdin("Client secret") if client_secret_stdin else "",
        )  # fmt: skip
        if refusal:
            raise Unusable(refusal)
    kept = SignOn.objects.filter(provider=where).first()
    row = None if kept is None else {
        "provider": slug, "name": kept.name, "issuer": kept.issuer, "client_id": kept.client_id,
        "client_secret": kept.client_secret, "has_second_factor": kept.has_second_factor,
    }  # fmt: skip
    if as_json:
        emit(row)
    else:
        say(f"{slug}: {kept.name} at {kept.issuer}" if kept else f"{slug}: no single sign-on")
    return 0


@provider.command("key")
@click.argument("slug", metavar="PROVIDER")
@click.option(
    "--make", metavar="NAME", help="Make a key for the system of this name; it is printed this once."
)
@click.option(
    "--opens", type=click.Choice(["customers", "billing"]), default="customers", show_default=True,
    help="Which door a new key opens: it writes customers, or fetches what is owed to them.",
)  # fmt: skip
@click.option("--revoke", metavar="NAME", help="Let the key of this name open nothing from now on.")
@as_format
def key(slug: str, *, make: str | None, opens: str, revoke: str | None, as_json: bool) -> int:
    """Keys by which a CRM writes customers, or billing fetches what is owed; docs/sync-door.md tells how.

    \b
    Examples:
      amends provider key larkfield --make "CRM"
      amends provider key larkfield --make "Billing" --opens billing
      amends provider key larkfield --revoke "CRM"
      amends provider key larkfield --format json
    """
    open_desk()
    from amends.core.may import Refusal
    from amends.desk import door_keys
    from amends.desk.models import Door, DoorKey

    where, secret = provider_named(slug), None
    if make and revoke:
        raise Unusable("say --make or --revoke, not both")
    keys = DoorKey.objects.filter(provider=where).order_by("name")
    if make:
        made = door_keys.make_key(where, make, by=BY, now=time(None), opens=Door(opens))
        if isinstance(made, Refusal):
            raise Unusable(str(made))
        secret = made[1]
    if revoke:
        found = keys.filter(name=revoke).first()
        if found is None:
            raise Unusable(f"{slug} has no key called {revoke!r}")
        refusal = door_keys.revoke(found, by=BY, now=time(None))
        if refusal is not None:
            raise Unusable(str(refusal))
    rows = [
        {
            "name": k.name,
            "opens": k.opens,
            "made": london(k.made),
            "used": london(k.used),
            "revoked": london(k.revoked),
        }
        for k in keys
    ]
    if as_json:
        emit({"provider": slug, "keys": rows, "secret": secret})
        return 0
    for row in rows:
        stands = "revoked" if row["revoked"] else f"last used {row['used']}" if row["used"] else "never used"
        say(f"{row['name']}: opens {row['opens']}, {stands}")
    if secret:
        say(secret)
        note("keep it now: only its hash is kept here")
    return 0
