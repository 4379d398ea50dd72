"""Import and export of tables as CSV and XLSX files, with formulas escaped."""
