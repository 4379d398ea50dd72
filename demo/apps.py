from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A fictitious company with a year of content, to try the site."""

    name = "demo"
