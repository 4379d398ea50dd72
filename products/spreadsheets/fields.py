"""Fields of a sheet whose cells hold other rows: specifications, variants and pictures."""

from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils.translation import gettext as _
from import_export.fields import Field
from modeltranslation.utils import build_localized_fieldname

from core.images import prepare_picture
from core.spreadsheets.widgets import ItemsWidget
from products.models import Product, ProductImage, Specification, Variant
from products.services.parts import DEFAULT_ALT_FIELD, Picture, replace_pictures
from products.spreadsheets.cells import read_lines, write_lines
from products.spreadsheets.current_row import CurrentRow, NamedPicture

MAX_PICTURES = 30  # per product


class Relation(NamedTuple):
    """Rows that belong to a product, and the fields that a line of a cell has."""

    model: type[Model]
    parts: tuple[str, ...]


RELATIONS = {
    "specifications": Relation(Specification, ("name", "value")),
    "variants": Relation(Variant, ("name", "sku", "specification")),
}

# Returns the content of the file with a name, or None if there is none.
PictureSource = Callable[[str], bytes | None]


def make_folder_source(folder: Path) -> PictureSource:
    """A source of the files in `folder`, without its subfolders; other paths are not read."""

    def read(name: str) -> bytes | None:
        is_plain = PurePosixPath(name).name == name and "\\" not in name and "\0" not in name
        path = folder / name
        return path.read_bytes() if is_plain and path.is_file() else None

    return read


class LinesField(Field):
    """A cell that holds the rows of a relation in one language."""

    def __init__(self, relation: str, language: str, current_row: CurrentRow) -> None:
        self.relation, self.language, self.current_row = relation, language, current_row
        self.parts = RELATIONS[relation].parts
        column = build_localized_fieldname(relation, language)
        super().__init__(attribute=column, column_name=column)

    def field_name(self, part: str) -> str:
        """The model field of a part of a line."""
        return part if part == "sku" else build_localized_fieldname(part, self.language)

    def get_value(self, instance: Any, **kwargs: Any) -> str:
        if self.current_row.is_copied_to(instance):
            return str(self.current_row.stored[str(self.attribute)])
        if self.current_row.describes(instance):
            if self.attribute in self.current_row.cells:
                return write_lines(self.current_row.cells[self.attribute])
            if self.relation in self.current_row.rows:  # as they were saved
                return self._write(self.current_row.rows[self.relation])
        return self.write_stored(instance)

    def write_stored(self, instance: Any) -> str:
        """The cell of what is stored."""
        return self._write(getattr(instance, self.relation).all() if instance.pk else [])

    def _write(self, rows: Iterable[Any]) -> str:
        names = [self.field_name(part) for part in self.parts]
        lines = [[getattr(row, name) or "" for name in names] for row in rows]
        # A model number alone does not count as a translation.
        is_translated = any(row[0] or row[-1] for row in lines)
        return write_lines(lines) if is_translated else ""

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Read the cell; the resource saves the rows when the cells of all languages are read."""
        lines = read_lines(row[self.column_name], len(self.parts))
        self.current_row.cells[str(self.attribute)] = lines


class RelatedField(Field):
    """Other products; those of the copy from before the import are read with the product."""

    def __init__(self, current_row: CurrentRow) -> None:
        self.current_row = current_row
        widget = ItemsWidget(Product, ["sku"])
        super().__init__("related_products", "related_products", widget)

    def get_value(self, instance: Any, **kwargs: Any) -> Any:
        row = self.current_row
        return super().get_value(row.product if row.is_copied_to(instance) else instance)


class PicturesField(Field):
    """A cell with a line for each picture, such as `jaw.jpg | The machine at work`.

    The name is that of a picture of the product or of a file in `source`. The alternative text is
    in the site's default language; those in other languages do not change.
    """

    def __init__(self, current_row: CurrentRow, source: PictureSource | None = None) -> None:
        self.current_row, self.source = current_row, source
        super().__init__(attribute="images", column_name="images")

    def get_value(self, instance: Any, **kwargs: Any) -> str:
        if self.current_row.is_copied_to(instance):
            return str(self.current_row.stored["images"])
        if self.current_row.describes(instance) and self.current_row.pictures is not None:
            return write_lines([_picture_line(*one) for one in self.current_row.pictures])
        return self.write_stored(instance)

    def write_stored(self, instance: Any) -> str:
        """The cell of what is stored."""
        images = instance.images.all() if instance.pk else []
        return write_lines([_picture_line("", "", image) for image in images])

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Find every picture before anything is written; raises ValueError if one is missing."""
        lines = read_lines(row[self.column_name], 2)
        if len(lines) > MAX_PICTURES:
            raise ValueError(_("A product can have at most %d images.") % MAX_PICTURES)
        images = instance.images.all() if instance.pk else []
        by_name = {_file_name(image): image for image in images}
        by_hash = {_content_hash(name): image for name, image in by_name.items()}
        pictures = []
        for name, alt in lines:
            source = by_name.get(name) or self._read(name)
            if isinstance(source, ContentFile):
                # A file that was imported before matches the stored picture.
                source = by_hash.get(_content_hash(str(source.name)), source)
            pictures.append(NamedPicture(name, alt, source))
        self.current_row.pictures = pictures

    def _read(self, name: str) -> ContentFile:
        try:
            data = self.source(name) if self.source else None
            if data is None:
                raise ValueError(_("No image named “%s” found.") % name)
            return prepare_picture(ContentFile(data, name=name))
        except ValidationError as error:
            raise ValueError(f"{name}: {' '.join(error.messages)}") from error

    def save_pictures(self, product: Any) -> None:
        """Store the pictures of the current row, if the sheet has a column for them."""
        if self.current_row.pictures is not None:
            pictures = [Picture(one.source, one.alt) for one in self.current_row.pictures]
            replace_pictures(product, pictures)


def _picture_line(name: str, alt: str, source: ProductImage | ContentFile) -> list[str]:
    """The line for a picture; `alt` replaces the text of a stored one, unless it is empty."""
    if isinstance(source, ContentFile):
        return [name, alt]
    return [_file_name(source), alt or getattr(source, DEFAULT_ALT_FIELD) or ""]


def _file_name(image: ProductImage) -> str:
    return PurePosixPath(str(image.image.name)).name


def _content_hash(name: str) -> str:
    """The hash in a file name from `prepare_picture`, without the suffix that a storage may add."""
    return name.partition(".")[0].partition("_")[0]
