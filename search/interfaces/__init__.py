"""Kinds of job: thin."""
