"""`manage.py makemigrations`: Django's own, for the columns of all languages."""

from django.core.management.commands import makemigrations

from core.language_columns import AllLanguagesAutodetector


class Command(makemigrations.Command):
    autodetector = AllLanguagesAutodetector
