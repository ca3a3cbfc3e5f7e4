"""What the public asks about material of the library: to take it away, to protect somebody, to put something right."""
