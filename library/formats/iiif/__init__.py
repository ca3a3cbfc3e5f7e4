"""IIIF Presentation API 3.0 and Content Search API 2.0: values in, plain dicts out. Nothing here knows a database."""
