from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A made-up year in the life of the site, for a first look at it."""

    name = "demo"
