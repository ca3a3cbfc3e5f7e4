"""The dictionary in Wagtail's admin."""
