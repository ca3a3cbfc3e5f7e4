"""The rules of requests: who handles which, when each is due, how material is closed while it is decided."""
