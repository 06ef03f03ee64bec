"""Which slip of the pen gives a line of a program: it is undone, and the program read again."""
