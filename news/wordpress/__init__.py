"""Imports a WordPress export (WXR): posts as articles, and pages as pages, with their pictures.

`importer.import_site` reads the file (`wxr`, `export`), plans the new URLs (`plan`), downloads
the pictures (`pictures`, `download`), converts the texts (`markup`) and saves all of it (`writer`).
"""
