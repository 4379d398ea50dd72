"""What the apps share: admin, mail, worker, pictures, rich text, pages, search, spreadsheets."""
