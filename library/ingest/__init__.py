"""Taking in folders of scans, recordings and films: found, described by a table, checked, applied, undone."""
