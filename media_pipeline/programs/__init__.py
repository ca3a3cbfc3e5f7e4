"""Small programs that open files from outside, each in a process of its own: no Django, no database in them."""
