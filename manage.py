#!/usr/bin/env python3
"""Django's command line for Tradepost."""

import os
import sys


def main() -> None:
    """Run a command; a wrong setting ends it with one sentence instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line

        from core.startup import require_static_files
    except ImportError:
        sys.exit("Django is not installed. Run `make setup`, then `.venv/bin/python manage.py`.")
    try:
        if "runserver" in sys.argv[1:2]:
            require_static_files()
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Tradepost cannot start: {error}")


if __name__ == "__main__":
    main()
