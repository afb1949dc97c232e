"""The busy half: the database, mail, web, letters and the worker, in Django."""
