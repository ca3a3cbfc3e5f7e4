"""The embedded engine: tantivy, in the process, on files in the data folder."""
