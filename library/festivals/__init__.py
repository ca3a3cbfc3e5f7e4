"""Festivals: when they are held, what they are, and their pages."""
