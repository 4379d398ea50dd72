"""Static files of other packages: those that the site uses."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder

# Names of languages in CKEditor and in the admin's select fields, where they differ from ours.
CHINESE = {"zh-hans": "zh-cn", "zh-hant": "zh|zh-tw"}
LANGUAGES = "|".join(CHINESE.get(code, code) for code in settings.LANGUAGES_WITH_CONTENT)
# What is not loaded does not have to be collected, hashed and compressed. The others are unused,
# and some of them vulnerable, such as `preview` and `codesnippetgeshi` (CVE-2024-43407).
PLUGINS = (
    "a11yhelp|clipboard|dialog|divarea|image2|link|magicline|pastefromgdocs|pastefromlibreoffice"
    "|pastefromword|pastetools|specialchar|table|tableselection|tabletools|widget"
)
CKEDITOR = re.compile(
    r"ckeditor/(?:ckeditor-init\.js|ckeditor\.css|fixups\.js|ckeditor/(?:"
    r"ckeditor\.js|config\.js|styles\.js|contents\.css|LICENSE\.md"
    rf"|lang/(?:en|{LANGUAGES})\.js"
    r"|plugins/icons(?:_hidpi)?\.png"
    rf"|plugins/(?:{PLUGINS})/(?:(?:dialogs/)?lang/(?:en|{LANGUAGES})\.js"
    r"|(?!(?:dialogs/)?lang/|dev/|samples/).+)"
    r"|skins/moono-lisa/(?!\w+_ie).+\.(?:css|gif|png)"
    r"))"
)
SELECT2 = re.compile(rf"admin/js/vendor/select2/i18n/(?!(?:en|{LANGUAGES})\.js).+", re.IGNORECASE)
FLAGS = "flags/"  # of django-countries


class UsedFilesFinder(AppDirectoriesFinder):
    """The static files of the installed apps, without those that no page loads."""

    def list(self, ignore_patterns: Any) -> Iterator[Any]:
        for path, storage in super().list(ignore_patterns):
            if is_used(path):
                yield path, storage

    def find_in_app(self, app: str, path: str) -> Any:
        return super().find_in_app(app, path) if is_used(path) else None


def is_used(path: str) -> bool:
    """Whether a page loads the static file at `path`."""
    if path.startswith("ckeditor/"):
        return CKEDITOR.fullmatch(path) is not None
    return not (SELECT2.fullmatch(path) or path.startswith(FLAGS))
