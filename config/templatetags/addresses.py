"""`{{ translation.url|absolute }}`: an address as other sites need it."""

from django import template

from config.addresses import absolute

register = template.Library()
register.filter(absolute)
