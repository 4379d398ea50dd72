"""`{{ translation.url|absolute_url }}`: a URL as other sites need it."""

from django import template

from core.absolute_urls import absolute_url

register = template.Library()
register.filter(absolute_url)
