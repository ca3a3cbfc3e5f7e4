"""Languages: profiles and everything computed from them. Imports ICU, fontTools and the standard library alone."""
