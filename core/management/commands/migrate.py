"""`manage.py migrate`: Django's own, which misses no column of a language that is not used."""

from django.core.management.commands import migrate

from core.language_columns import AllLanguagesAutodetector


class Command(migrate.Command):
    autodetector = AllLanguagesAutodetector
