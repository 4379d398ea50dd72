"""The product catalogue: categories, products, specifications, comparison, spreadsheets."""
