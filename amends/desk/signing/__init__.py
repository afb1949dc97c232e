"""How people come in: locks, second factors, single sign-on, sessions and the log, on top of django-allauth."""
