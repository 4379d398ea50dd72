"""Files of forms that are shown again with errors, stored until the form is complete."""
