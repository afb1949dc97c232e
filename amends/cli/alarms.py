"""`amends alarms`: where the alarms of a provider are told outside the house, and whether they arrive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from amends.cli.desk import open_desk, provider_named, time
from amends.cli.house import BY
from amends.cli.said import Unusable, as_format, emit, in_words, london, note, say, secret_from_stdin

if TYPE_CHECKING:
    from datetime import datetime

    from amends.desk.digest import Digest
    from amends.desk.models import AlarmWay, Provider


@click.group(short_help="Where alarms are told outside the house.")
def alarms() -> None:
    """Where the alarms of a provider, and those of the whole desk, are told outside the house.

    It is a switch of its own: alarms leave although customers' mail is off.
    """


@alarms.command("show")
@click.argument("slug", metavar="PROVIDER", required=False)
@as_format
def show(slug: str | None, *, as_json: bool) -> int:
    """Show by which ways alarms leave, when each arrived last, and what keeps one from leaving.

    \b
    Examples:
      amends alarms show
      amends alarms show opus-telecoms --format json
    """
    open_desk()
    from amends.desk.models import Provider

    wanted = [provider_named(slug)] if slug else list(Provider.objects.order_by("pk"))
    found = [_shown(each) for each in wanted]
    if as_json:
        emit(found)
    for each in () if as_json else found:
        hours = each["before_hours"]
        say(
            f"{each['provider']}: {f'warned {hours} hours before a promise' if hours else 'not warned before'}"
        )
        for way in each["ways"]:
            say(f"  {way['by']} to {way['to']}: last arrived {in_words(way['last_told'], 'never')}")
            if way["last_error"]:
                say(f"    did not leave: {way['last_error']}; next try {in_words(way['next_try'])}")
        if not each["ways"]:
            say("  nothing leaves the house: amends alarms set")
    return 0


def _shown(provider: Provider) -> dict[str, Any]:
    return {
        "provider": provider.pk,
        "before_hours": provider.warn_before_hours,
        "ways": [_way_json(way) for way in provider.alarm_ways.order_by("pk")],
    }


def _way_json(way: AlarmWay) -> dict[str, Any]:
    return {
        "by": str(way.by),
        "to": way.target,
        "private_network": way.private_network,
        "last_told": london(way.last_told),
        "last_error": way.last_error,
        "next_try": london(way.not_before) if way.last_error else None,
    }


@alarms.command("set")
@click.argument("slug", metavar="PROVIDER")
@click.option("--mail", "mail_to", metavar="ADDRESS", help="Mail a digest there, by the provider's own SMTP.")
@click.option("--webhook", metavar="URL|env:NAME", help="POST a digest there as JSON; https, signed.")
@click.option("--secret", metavar="env:NAME|stdin", help="What signs the webhook's calls; stdin asks for it.")
@click.option("--ping", metavar="URL|env:NAME", help="Call there every five minutes while the desk lives.")
@click.option("--private-network", is_flag=True, help="The webhook or ping may lie in a private network.")
@click.option(
    "--before", type=click.IntRange(0, 240), metavar="HOURS", help="Warn so long before a promise; 0: not."
)
def set_way(
    slug: str, mail_to: str | None, webhook: str | None, secret: str | None, ping: str | None, before: int | None,
    *, private_network: bool,
) -> int:  # fmt: skip
    """Add or change the ways by which alarms leave; may be called once for each address.

    \b
    Examples:
      amends alarms set opus-telecoms --mail it@opus.example --before 4
      amends alarms set opus-telecoms --webhook https://hooks.opus.example/amends --secret stdin
      amends alarms set opus-telecoms --ping env:AMENDS_PING
    """
    asked = [("mail", mail_to), ("webhook", webhook), ("ping", ping)]
    wanted = [(by, to) for by, to in asked if to is not None]
    if not wanted and before is None:
        raise Unusable("say where to: --mail, --webhook or --ping; or --before HOURS")
    open_desk()
    provider, now = provider_named(slug), time(None)
    for by, to in wanted:
        _refuse(by, to)
    for by, to in wanted:
        _set(
            provider,
            by,
            to,
            secret if by == "webhook" else None,
            now,
            private=private_network and by != "mail",
        )
    if before is not None:
        provider.warn_before_hours = before
        provider.save(update_fields=["warn_before_hours"])
        _audit(provider, now, "alarms before", hours=before)
        say(
            f"{slug}: {f'warned {before} hours before a promise falls due' if before else 'not warned before'}"
        )
    return 0


def _refuse(by: str, to: str) -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from amends.desk.address import Address
    from amends.desk.calls import unusable
    from amends.desk.models import Mailbox

    if by != "mail":
        why = "" if re.fullmatch(r"env:\w+", to) else unusable(to)
        if why:
            raise Unusable(f"--{by}: {why}")
        return
    try:
        validate_email(to)
    except ValidationError as wrong:
        raise Unusable(f"--mail: {to!r} is no email address") from wrong
    local, _, domain = to.rpartition("@")
    bare = Address("", f"{local.partition('+')[0]}@{domain}").key
    ours = {Address("", each).key for each in Mailbox.objects.values_list("address", flat=True)}
    if bare in ours:
        raise Unusable(f"--mail: {to} is a mailbox of this desk: an alarm there would be a new complaint")


def _set(provider: Provider, by: str, to: str, secret: str | None, now: datetime, *, private: bool) -> None:
    from amends.desk.models import AlarmWay

    way = AlarmWay.objects.filter(provider=provider, by=by, target=to).first() or AlarmWay(
        provider=provider, by=by, target=to, created=now
    )
    if secret is not None:
        way.secret = _kept(way, secret)
    if by == "webhook" and not way.secret:
        raise Unusable("--webhook: its calls are signed: give --secret env:NAME, or --secret stdin")
    way.private_network, way.not_before, way.tries, way.last_error, way.failing_since = (
        private,
        None,
        0,
        "",
        None,
    )
    way.save()
    _audit(provider, now, "alarms set", by=by, to=to)
    say(f"alarms of {provider.pk} are told by {by} to {to}: try it with `amends alarms test {provider.pk}`")


def _kept(way: AlarmWay, named: str) -> str:
    from amends.desk.home import NoSecret, keep_password, password

    if named == "stdin":
        said = secret_from_stdin("Secret")
        if len(said) < 16:
            raise Unusable("--secret: it is shorter than 16 characters, and could be guessed")
        return keep_password(
            re.sub(r"[^a-z0-9]+", "-", f"alarms {way.provider_id} {way.target}".lower())[:100], said
        )
    if not re.fullmatch(r"env:\w+", named):
        raise Unusable("--secret: name it env:NAME, or say stdin")
    try:
        password(named)
    except NoSecret as missing:
        note(f"warning: {missing}")
    return named


@alarms.command("drop")
@click.argument("slug", metavar="PROVIDER")
@click.argument("target", metavar="ADDRESS")
def drop(slug: str, target: str) -> int:
    """Tell no alarms there any more.

    \b
    Example:
      amends alarms drop opus-telecoms it@opus.example
    """
    open_desk()
    from amends.desk.models import AlarmWay

    provider = provider_named(slug)
    ways = AlarmWay.objects.filter(provider=provider, target=target)
    if not ways.exists():
        raise Unusable(f"{slug}: no alarms are told to {target!r}: amends alarms show {slug}")
    ways.delete()
    _audit(provider, time(None), "alarms dropped", to=target)
    say(f"no alarms of {slug} are told to {target} any more")
    return 0


def _audit(provider: Provider, now: datetime, what: str, **detail: object) -> None:
    from amends.desk.models import AuditEntry

    AuditEntry.objects.create(provider=provider, at=now, by=BY, what=what, detail=detail)


@alarms.command("test")
@click.argument("slug", metavar="PROVIDER")
@as_format
def test(slug: str, *, as_json: bool) -> int:
    """Tell an alarm that is none by every way of a provider, now. Exit 1 where one did not arrive.

    \b
    Example:
      amends alarms test opus-telecoms
    """
    open_desk()
    from amends.desk.models import By
    from amends.desk.telling import NotTold, leave

    provider, now = provider_named(slug), time(None)
    tried = []
    for way in provider.alarm_ways.select_related("provider").order_by("pk"):
        why = ""
        try:
            leave(way, None if way.by == By.PING else _trial(way, now), now)
        except NotTold as broken:
            why = str(broken)
        tried.append({"by": str(way.by), "to": way.target, "arrived": not why, "why": why})
    if not tried:
        raise Unusable(f"{slug}: nothing leaves the house yet: amends alarms set {slug}")
    if as_json:
        emit(tried)
    for each in () if as_json else tried:
        say(f"{each['by']} to {each['to']}: {'arrived' if each['arrived'] else each['why']}")
    return 0 if all(each["arrived"] for each in tried) else 1


def _trial(way: AlarmWay, now: datetime) -> Digest:
    from amends.desk.alarms import alarm
    from amends.desk.digest import Digest

    none = alarm("trial", way.provider_id, "", "This is a trial: nothing is wrong", now, way.provider_id)
    return Digest(way, now, (none,), (), 0)
