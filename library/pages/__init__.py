"""Editorial pages on Wagtail: the first page, about, exhibitions, news; in a Vietnamese and an English tree."""
