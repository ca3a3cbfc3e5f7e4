"""From records to what `library.formats.iiif` writes: everything comes through the gate for one viewer."""
