"""Bringing files into lexicons: what the one import machinery (`jobs.imports`) needs to know of dictionaries."""
