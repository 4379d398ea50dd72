"""`{{ translation.url|absolute }}`: an address as other sites need it."""

from django import template

from core.absolute_urls import absolute

register = template.Library()
register.filter(absolute)
