"""Date formats per language, where Django's own do not fit (settings.FORMAT_MODULE_PATH)."""
