"""The door for a web server: makes or upgrades the desk's folder, then serves."""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIHandler

from amends.desk.start import ready

ready()
application = WSGIHandler()
