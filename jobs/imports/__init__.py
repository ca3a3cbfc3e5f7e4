"""The one import machinery: check, apply in chunks, undo. An upper app registers an `Importer`."""
