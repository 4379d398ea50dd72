from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """What the whole site shares: commands and template tags."""

    name = "config"
