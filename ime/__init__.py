"""Keyboards: one declaration in a language's profile, a reference typing engine, and an emitter for every platform."""
