"""A backup holds everything that the site cannot make again: the database, the files, the settings but no secrets.

It is one zip file: `manifest.json` (what is in it, by which versions, with checksums), `rows/<app>.<Model>.jsonl` (a
JSON list of column values a line, the columns' names on the first), `files/…` (the bytes as they lie in the data
folder) and `settings.json`. Rows are written by kind of field and not as a database keeps them, so that a backup of
SQLite can be restored into PostgreSQL and the other way round.

What can be made again stays out: static files, fonts, caches, the search index, Wagtail's own index.
"""
