"""Tables as CSV and XLSX files: what goes out harms no spreadsheet and comes back as it was."""

from core.spreadsheets.admin import SpreadsheetExportMixin, SpreadsheetMixin
from core.spreadsheets.archives import ZIP
from core.spreadsheets.cells import harmless, original
from core.spreadsheets.formats import CSV, XLSX
from core.spreadsheets.resources import SpreadsheetResource
from core.spreadsheets.streaming import csv_response
from core.spreadsheets.widgets import BySlugWidget, SlugsWidget, TextField, TimeWidget

__all__ = [
    "CSV",
    "XLSX",
    "ZIP",
    "BySlugWidget",
    "SlugsWidget",
    "SpreadsheetExportMixin",
    "SpreadsheetMixin",
    "SpreadsheetResource",
    "TextField",
    "TimeWidget",
    "csv_response",
    "harmless",
    "original",
]
