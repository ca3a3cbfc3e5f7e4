"""The demonstration collection: what it shows (collection.toml), and the code that makes its files."""
