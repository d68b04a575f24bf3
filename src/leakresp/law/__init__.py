"""What the rules say. Nothing here reads a file, a clock, a screen or a locale; "today" is a parameter."""
