"""`{{ translation.url|absolute_url }}`: an absolute URL, for other sites."""

from django import template

from core.absolute_urls import absolute_url

register = template.Library()
register.filter(absolute_url)
