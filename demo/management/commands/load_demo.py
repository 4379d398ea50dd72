"""`manage.py load_demo`: the demo company, for an empty database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils.crypto import get_random_string

from demo.loader import has_content, load_demo


class Command(BaseCommand):
    help = "Load the demo content into an empty site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--password",
            help="for the staff accounts; without it `demo` where DEBUG is on, else a random one",
        )

    def handle(self, *args: Any, password: str | None, **options: Any) -> None:
        with transaction.atomic():
            if has_content():
                self.stdout.write("The site already has content; demo content was not loaded.")
                return
            password = password or ("demo" if settings.DEBUG else get_random_string(16))
            names = load_demo(password)
        self.stdout.write(self.style.SUCCESS("The demo company is loaded."))
        self.stdout.write(f"Log in as {', '.join(names)}; the password is {password}")
