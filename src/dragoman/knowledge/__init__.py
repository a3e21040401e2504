"""What the program knows, ready to be asked: names, titles, frames, cues, the language model. Files are opened by resources."""
