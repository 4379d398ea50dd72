"""Uploading a sheet, choosing how it is read, and confirming the import."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.spreadsheets.archives import MAX_FILES, MAX_MEGABYTES, ZIP, detect_format
from core.spreadsheets.formats import CSV
from core.spreadsheets.reading import Reading, ReadingOptions, TooManyRowsError

MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
MAX_IMMEDIATE_ROWS = 1_000  # of a file that is imported while the user waits
DETECT = ("", gettext_lazy("Detect automatically"))


def _named(script: Any, name: str) -> Any:
    return format_lazy("{script} ({name})", script=script, name=name)


CHARSETS = [
    ("utf-8", _named("Unicode", "UTF-8")),
    ("utf-16", _named("Unicode", "UTF-16")),
    ("gb18030", _named(gettext_lazy("Simplified Chinese"), "GB 18030")),
    ("big5", _named(gettext_lazy("Traditional Chinese"), "Big5")),
    ("cp932", _named(gettext_lazy("Japanese"), "Shift JIS")),
    ("cp949", _named(gettext_lazy("Korean"), "Windows-949")),
    ("cp1252", _named(gettext_lazy("Western European"), "Windows-1252")),
    ("cp1250", _named(gettext_lazy("Central European"), "Windows-1250")),
    ("cp1251", _named(gettext_lazy("Cyrillic"), "Windows-1251")),
    ("koi8-r", _named(gettext_lazy("Cyrillic"), "KOI8-R")),
    ("cp1253", _named(gettext_lazy("Greek"), "Windows-1253")),
    ("cp1254", _named(gettext_lazy("Turkish"), "Windows-1254")),
    ("cp1255", _named(gettext_lazy("Hebrew"), "Windows-1255")),
    ("cp1256", _named(gettext_lazy("Arabic"), "Windows-1256")),
    ("cp874", _named(gettext_lazy("Thai"), "Windows-874")),
]
# By names, since a form would not send a tab back unchanged.
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
SEPARATOR_LABELS = [
    ("comma", gettext_lazy("Comma (,)")),
    ("semicolon", gettext_lazy("Semicolon (;)")),
    ("tab", gettext_lazy("Tab")),
    ("pipe", gettext_lazy("Vertical line (|)")),
]
DECIMALS = {"point": ".", "comma": ","}
DECIMAL_LABELS = [
    ("point", gettext_lazy("Point: 12.5")),
    ("comma", gettext_lazy("Comma: 12,5")),
]


class ReadingForm(forms.Form):
    """How the file is read; empty fields are detected.

    `option_names` are the fields that apply to the file.
    """

    option_names: list[str] = []
    charset = forms.ChoiceField(
        label=gettext_lazy("Character set"), choices=[DETECT, *CHARSETS], required=False
    )
    separator = forms.ChoiceField(
        label=pgettext_lazy("of cells", "Separator"),
        choices=[DETECT, *SEPARATOR_LABELS],
        required=False,
    )
    decimal = forms.ChoiceField(
        label=gettext_lazy("Decimal sign"), choices=[DETECT, *DECIMAL_LABELS], required=False
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"), required=False, max_length=100, strip=False
    )

    @property
    def option_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.option_names]

    def offer_options(self, reading: Reading) -> None:
        """Choose the fields that apply to a file that was read like this."""
        if reading.charset:
            self.option_names = ["charset", "separator", "decimal"]
        elif len(reading.sheets) > 1:
            self.option_names = ["sheet"]
            choices = [DETECT, *((name, name) for name in reading.sheets)]
            self.fields["sheet"].widget = forms.Select(choices=choices)

    @property
    def options(self) -> ReadingOptions:
        """What was chosen, when the form is valid."""
        return ReadingOptions(
            charset=self.cleaned_data.get("charset", ""),
            separator=SEPARATORS.get(self.cleaned_data.get("separator", ""), ""),
            decimal=DECIMALS.get(self.cleaned_data.get("decimal", ""), ""),
            sheet=self.cleaned_data.get("sheet", ""),
        )


class SheetForm(ReadingForm):
    """A sheet, or a ZIP file with one, up to MAX_MEGABYTES large; valid if it can be read.

    The file's `dataset` is read by the form; `option_names` are the fields that apply to it. A file
    with more than MAX_IMMEDIATE_ROWS rows `is_long`, and is not read.
    """

    field_order = ["import_file"]
    import_file = forms.FileField(label=gettext_lazy("File to import"))

    def __init__(self, *args: Any, formats: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.formats = formats
        self.dataset: Any = None
        self.is_long = False
        field = self.fields["import_file"]
        takes_zip = ZIP in formats
        field.help_text = (
            _(
                "A CSV or XLSX file. To import images, upload a ZIP file that "
                "contains this file and the images named in it: up to %(files)d "
                "images and %(size)d MB."
            )
            % {"files": MAX_FILES, "size": MAX_MEGABYTES}
            if takes_zip
            else _("A CSV or XLSX file, up to %(size)d MB.") % {"size": MAX_MEGABYTES}
        )
        field.widget.attrs |= {
            "accept": ".csv,.tsv,.txt,.xlsx,.xlsm" + (",.zip" if takes_zip else ""),
            "data-max-bytes": MAX_BYTES,
            "data-too-large": self._too_large,
        }

    @property
    def _too_large(self) -> str:
        text = _("This file is larger than %(limit)d MB. Import it in parts.")
        return text % {"limit": MAX_MEGABYTES}

    @property
    def reading(self) -> Reading | None:
        """How the file was read."""
        return getattr(self.dataset, "reading", None)

    def clean_import_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["import_file"]
        if (upload.size or 0) > MAX_BYTES:
            raise ValidationError(self._too_large)
        return upload

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        upload = self.cleaned_data.get("import_file")
        if upload is not None:
            upload.seek(0)
            self._read(upload.read())
        return cleaned

    def _read(self, data: bytes) -> None:
        try:
            sheet_format = detect_format(data)
            if sheet_format not in self.formats:
                raise ValidationError(_("Select a CSV or XLSX file."))
        except ValidationError as error:
            self.add_error("import_file", error)
            return
        try:
            self.dataset = sheet_format().create_dataset(data, self.options, MAX_IMMEDIATE_ROWS)
        except TooManyRowsError:
            self.is_long = True
            return
        except ValidationError as error:
            if sheet_format is CSV:
                # Perhaps it can be read otherwise, so the file stays attached.
                self.option_names = ["charset", "separator", "decimal"]
                self.add_error(None, error)
            else:
                self.add_error("import_file", error)
            return
        self.offer_options(self.dataset.reading)


class ConfirmSheetForm(ReadingForm):
    """The stored file and how it is read, sent by the page of the dry run."""

    import_file_name = forms.CharField(max_length=2_000)  # the token of the stored file

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = False  # another form on the page has these ids
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.HiddenInput()


def describe_reading(reading: Reading) -> list[tuple[str, str]]:
    """How a file was read, as labels and values; empty if there was no choice."""
    if reading.charset:
        separators = {SEPARATORS[name]: label for name, label in SEPARATOR_LABELS}
        decimals = {DECIMALS[name]: label for name, label in DECIMAL_LABELS}
        fields = ReadingForm.base_fields
        return [
            (
                str(fields["charset"].label),
                str(dict(CHARSETS).get(reading.charset, reading.charset.upper())),
            ),
            (
                str(fields["separator"].label),
                str(separators.get(reading.separator, reading.separator)),
            ),
            (str(fields["decimal"].label), str(decimals[reading.decimal])),
        ]
    if len(reading.sheets) > 1:
        return [(str(ReadingForm.base_fields["sheet"].label), reading.sheet)]
    return []
