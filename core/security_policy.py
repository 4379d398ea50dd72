"""Additions to the Content Security Policy of a single response."""

from collections.abc import Mapping, Sequence

from django.http.response import HttpResponseBase


def allow(response: HttpResponseBase, policy: Mapping[str, Sequence[str]]) -> None:
    """Add sources to the directives of the response's policy.

    django-csp's `csp_update` would replace what another part of the site has added.
    """
    added: dict[str, list[str]] = dict(getattr(response, "_csp_update", None) or {})
    for directive, sources in policy.items():
        added[directive] = list(dict.fromkeys([*added.get(directive, []), *sources]))
    response._csp_update = added  # type: ignore[attr-defined]  # read by django-csp
