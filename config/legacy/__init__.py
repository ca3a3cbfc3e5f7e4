"""The public page that turns text from before Unicode into Unicode: pasted, or from a file."""
