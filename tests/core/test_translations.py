"""The interface is complete in its six languages."""

import re
import shutil
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import to_locale

LOCALE = Path(settings.LOCALE_PATHS[0])
LOCALES = [to_locale(code) for code in settings.LANGUAGES_OF_INTERFACE if code != "en"]
NOT_COLLECTED = {"tests", "demo"}  # as in the Makefile's target `messages`
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}")


@pytest.fixture(params=LOCALES)
def path(request) -> Path:
    return LOCALE / request.param / "LC_MESSAGES/django.po"


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def entries(catalogue: polib.POFile | polib.MOFile) -> dict[tuple, object]:
    """The entries of a catalogue, by context and text."""
    return {
        (entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr for entry in catalogue
    }


def collect_texts(folder: Path) -> polib.POFile:
    """The texts that `makemessages` finds in a copy of the sources, since it writes beside them."""
    packages = [init.parent for init in settings.BASE_DIR.glob("*/__init__.py")]
    for source in [*packages, settings.BASE_DIR / "templates"]:
        if source.name not in NOT_COLLECTED:
            shutil.copytree(source, folder / source.name)
    (folder / "locale").mkdir()
    call_command("makemessages", locale=["en"], verbosity=0)
    return polib.pofile(folder / "locale/en/LC_MESSAGES/django.po")


def test_everything_is_translated(path):
    catalogue = polib.pofile(path)
    forms = int(re.search(r"nplurals=(\d+)", catalogue.metadata["Plural-Forms"])[1])
    for entry in catalogue:
        assert entry.translated(), f"{entry.msgid!r} is untranslated or fuzzy"
        assert not entry.msgid_plural or len(entry.msgstr_plural) == forms, entry.msgid
    assert not catalogue.obsolete_entries()


def test_placeholders_are_the_same_in_every_translation(path):
    for entry in polib.pofile(path):
        if not entry.msgid_plural:
            assert placeholders(entry.msgstr) == placeholders(entry.msgid), entry.msgid
            continue
        # The forms for one and two may spell out the number; the last one has all placeholders.
        *few, many = (placeholders(text) for _, text in sorted(entry.msgstr_plural.items()))
        expected = placeholders(entry.msgid_plural)
        assert many == expected, entry.msgid
        assert all(set(form) <= set(expected) for form in few), entry.msgid


def test_the_compiled_catalogue_is_up_to_date(path):
    assert entries(polib.mofile(path.with_suffix(".mo"))) == entries(polib.pofile(path)), (
        "run `make messages`"
    )


def test_every_text_of_the_sources_is_in_the_catalogue(settings, monkeypatch, tmp_path):
    if shutil.which("xgettext") is None:
        pytest.skip("xgettext is not installed: it is part of GNU gettext")
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    monkeypatch.chdir(tmp_path)
    texts = entries(collect_texts(tmp_path)).keys()
    assert len(texts) > 300
    for name in LOCALES:
        missing = texts - entries(polib.pofile(LOCALE / name / "LC_MESSAGES/django.po")).keys()
        assert not missing, (
            f"run `make messages` and translate into {name}: {sorted(missing, key=str)}"
        )
