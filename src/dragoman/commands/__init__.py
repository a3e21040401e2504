"""The commands, one module each; each parses, calls one function and sets an exit code."""
