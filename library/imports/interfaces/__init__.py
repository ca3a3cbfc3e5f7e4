"""The admin's pages of bringing files of records in."""
