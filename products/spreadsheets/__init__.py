"""Products as rows of a sheet, with their specifications, variants and pictures.

A cell of specifications has a line for each one, such as `Motor power | 75 kW`, and a cell of
variants has lines such as `With diesel engine | PE600-D | 92 kW`. Pictures are listed by file
name, such as `jaw.jpg | The machine at work`.
"""

from products.spreadsheets.resource import ProductResource

__all__ = ["ProductResource"]
