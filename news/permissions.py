"""Permissions to publish articles and to recover deleted ones."""

from django.contrib.auth.models import AnonymousUser, User


def can_publish(user: User | AnonymousUser) -> bool:
    """Whether `user` may publish and withdraw articles and change published ones."""
    return user.has_perm("news.publish_article")


def can_recover(user: User | AnonymousUser) -> bool:
    """Whether `user` may see and recover deleted articles."""
    return user.has_perm("news.add_article") and user.has_perm("news.delete_article")
