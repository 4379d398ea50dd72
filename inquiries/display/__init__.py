"""How inquiries, events and deadlines read: text in the active language, made at display time."""
