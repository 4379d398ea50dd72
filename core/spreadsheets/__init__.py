"""Import and export of tables as CSV and XLSX files, with formulas escaped."""

from core.spreadsheets.admin import SpreadsheetExportMixin, SpreadsheetMixin
from core.spreadsheets.archives import ZIP
from core.spreadsheets.cells import escape_formula, unescape_formula
from core.spreadsheets.formats import CSV, XLSX
from core.spreadsheets.resources import ImportResult, SpreadsheetResource
from core.spreadsheets.streaming import csv_response
from core.spreadsheets.widgets import CategoryWidget, ItemsWidget, TextField, TimeWidget

__all__ = [
    "CSV",
    "XLSX",
    "ZIP",
    "CategoryWidget",
    "ImportResult",
    "ItemsWidget",
    "SpreadsheetExportMixin",
    "SpreadsheetMixin",
    "SpreadsheetResource",
    "TextField",
    "TimeWidget",
    "csv_response",
    "escape_formula",
    "unescape_formula",
]
