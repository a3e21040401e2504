"""``python -m dragoman`` is the command."""

from dragoman.cli import main

main()
