"""The office that tests of pages visit."""

import pytest
from pytest_django import Settings

from tests.desk.office import Office, clock


@pytest.fixture
def office(db: None, settings: Settings) -> Office:
    """An office at noon on Monday."""
    # Hashing a password well takes its time, and seven people work here.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    clock(settings)
    return Office()


@pytest.fixture
def at(request: pytest.FixtureRequest, db: None, settings: Settings) -> Office:
    """The office of the provider with the code that is named, at noon on Monday."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    clock(settings)
    return Office(request.param)
