"""`{% share_links article as links %}`: where a reader may pass an article on."""

from django import template

from news import sharing

register = template.Library()
register.simple_tag(sharing.share_links)
