"""Engines behind the one interface, and what they share: paging through tiers, cursors, order of near-equal
scores."""
