"""Gives the tests a home folder of their own before Django reads its settings; pytest loads it first."""

import atexit
import os
import shutil
import tempfile

HOME = tempfile.mkdtemp(prefix="amends-test-home-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["AMENDS_HOME"] = HOME
