"""The people who work at a provider: made with a role, told apart by their id, given direct details."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from amends.core.may import Refusal
from amends.desk.models import AuditEntry, Provider, Role, RoleName


def person_id(person: User) -> str:
    """The id by which facts name a person."""
    return str(person.pk)


def make_person(  # noqa: PLR0913 - a person, a role and their details are given together or not at all
    username: str, *, name: str, password: str, provider: Provider, role: RoleName, by: str, now: datetime,
    phone: str = "", email: str = "",
) -> User | Refusal:  # fmt: skip
    """A person with a role at a provider. Somebody who is there already gets the role and keeps their password."""
    with transaction.atomic():
        person = User.objects.filter(username=username).first()
        if person is None:
            person = User(username=username, first_name=name, email=email, date_joined=now)
            refusal = _password_refused(password, person)
            if refusal is not None:
                return refusal
            person.set_password(password)
            person.save()
        give_role(person, provider, role, by=by, now=now, phone=phone, email=email)
    return person


def give_role(
    person: User,
    provider: Provider,
    role: RoleName,
    *,
    by: str,
    now: datetime,
    phone: str = "",
    email: str = "",
) -> Role:
    """A role at a provider, with the direct details that its customers are given."""
    given, _ = Role.objects.update_or_create(
        person=person, provider=provider, role=role, defaults={"phone": phone, "email": email}
    )
    _audit(provider, now, by, "role given", person=person_id(person), role=role)
    return given


def take_role(person: User, provider: Provider, role: RoleName, *, by: str, now: datetime) -> None:
    """Take a role away. What the person did keeps their id."""
    taken, _ = Role.objects.filter(person=person, provider=provider, role=role).delete()
    if taken:
        _audit(provider, now, by, "role taken", person=person_id(person), role=role)


def _password_refused(password: str, person: User) -> Refusal | None:
    try:
        validate_password(password, person)
    except ValidationError as weak:
        return Refusal(" ".join(weak.messages), "A-evidence", "Choose a longer or less common password.")
    return None


def _audit(provider: Provider, now: datetime, by: str, what: str, **detail: str) -> None:
    AuditEntry.objects.create(provider=provider, at=now, by=by, what=what, detail=detail)
