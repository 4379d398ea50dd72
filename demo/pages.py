"""The demo's own pages: the home page and *About us*, which are made of blocks."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from core.pages.block_fields import PictureField
from core.pages.block_forms import Entry
from core.pages.block_kinds import block_kinds
from core.pages.models import Page
from core.pages.stored_blocks import ENTRIES, StoredBlock, Values, new_id
from core.richtext.models import Picture
from core.richtext.services import add_picture
from demo.files import DEMO_FOLDER, Row, read_content


def create_pages() -> None:
    """Create the pages of `demo/content/pages.toml`."""
    content = read_content("pages")
    pictures = {row.pop("file"): row for row in content["pictures"]}
    added = {name: _add_picture(name, alt_texts) for name, alt_texts in pictures.items()}
    for row in content["pages"]:
        blocks = [_block(block, added) for block in row.pop("blocks")]
        Page.objects.create(status=Page.Status.PUBLISHED, blocks=blocks, **row)


def _add_picture(name: str, alt_texts: Row) -> int:
    content = ContentFile((DEMO_FOLDER / "pictures" / name).read_bytes())
    upload = SimpleUploadedFile(name, content.read(), content_type="image/webp")
    picture = add_picture(upload, by=None)
    Picture.objects.filter(pk=picture.pk).update(**alt_texts)
    return picture.pk


def _block(row: Row, pictures: Mapping[str, int]) -> StoredBlock:
    name = row.pop("kind")
    kind, entries = block_kinds()[name], row.pop(ENTRIES, [])
    values = _values(row, kind, pictures)
    if kind.entry:
        values[ENTRIES] = [
            {"id": new_id(), "values": _values(entry, kind.entry, pictures)} for entry in entries
        ]
    return {"kind": name, "id": new_id(), "hidden": False, "values": values}


def _values(row: Row, form: type[Entry], pictures: Mapping[str, int]) -> Values:
    """The values of a row, where pictures are named by their files."""
    fields: Mapping[str, Any] = form.base_fields
    return {
        name: pictures[value] if isinstance(fields[name], PictureField) else _of_site(value)
        for name, value in row.items()
    }


def _of_site(value: Any) -> Any:
    """A text in the languages of the site, of which the first has the English one if need be."""
    if not isinstance(value, dict):
        return value
    codes = settings.MODELTRANSLATION_LANGUAGES
    texts = {code: text for code, text in value.items() if code in codes}
    return texts if codes[0] in texts else {codes[0]: value["en"], **texts}
