"""Correcting what machines read and heard, as the editor does: a line or a cue at a time."""
