"""The reader's network at work: words to numbers, one pass of the encoder, scores over pairs. No spaCy, no files of data."""
