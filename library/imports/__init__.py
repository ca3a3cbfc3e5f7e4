"""Bringing records in and out: what the one import machinery (`jobs.imports`) needs to know of records."""
