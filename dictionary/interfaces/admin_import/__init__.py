"""The admin's pages of bringing a file into a lexicon, and of taking a lexicon out as a file."""
