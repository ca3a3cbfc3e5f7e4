"""The pages of those who ask."""
