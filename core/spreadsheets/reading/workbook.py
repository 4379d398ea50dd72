"""openpyxl, changed to read no row before it is asked for, and no cell far to the right."""

from typing import IO, Any

from openpyxl.chartsheet import Chartsheet
from openpyxl.reader.excel import ExcelReader
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from core.spreadsheets.reading.measured_zip import MeasuredZip
from core.spreadsheets.reading.tables import MAX_COLUMNS, TooManyColumnsError


def read_workbook(file: IO[bytes], packed: MeasuredZip) -> Workbook:
    """The workbook in `file`, whose parts are read from `packed`; cells have no formulas."""
    reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
    reader.archive = packed
    reader.read()
    return reader.wb


class _Sheet(ReadOnlyWorksheet):
    def _get_size(self) -> None:
        """Some programs write a wrong size; to find a missing one, all rows would be read."""

    def _get_row(self, row: list[dict[str, Any]], *args: Any, **kwargs: Any) -> Any:
        if row and row[-1]["column"] > MAX_COLUMNS and row[-1]["value"] is not None:
            raise TooManyColumnsError
        return super()._get_row(row, *args, **kwargs)


class _Reader(ExcelReader):
    def read_worksheets(self) -> None:
        """The sheets with rows; of one that is a chart, only its place is noted."""
        for sheet, relation in self.parser.find_sheets():
            if relation.target not in self.valid_files:
                continue
            if "chartsheet" in relation.Type:
                self.wb._sheets.append(Chartsheet(self.wb, title=sheet.name))
                continue
            rows = _Sheet(self.wb, sheet.name, relation.target, self.shared_strings)
            rows.sheet_state = sheet.state
            self.wb._sheets.append(rows)
