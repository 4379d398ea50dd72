"""Tables as CSV and XLSX files: what goes out harms no spreadsheet and comes back as it was."""

from config.spreadsheets.admin import SpreadsheetExportMixin, SpreadsheetMixin
from config.spreadsheets.archives import ZIP
from config.spreadsheets.cells import harmless, original
from config.spreadsheets.formats import CSV, XLSX
from config.spreadsheets.resources import SpreadsheetResource
from config.spreadsheets.streaming import csv_response
from config.spreadsheets.widgets import BySlugWidget, SlugsWidget, TextField, TimeWidget

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
