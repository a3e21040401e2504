"""A language model as second reader, held to the words: what it says becomes a record only where the document bears it out.

``screen`` says which documents are sent, ``windows`` how they are shown, ``client`` sends (the only module that reaches a
network), ``cache`` keeps the answers, ``budget`` counts, ``answer`` parses, ``ground`` with ``who`` and ``facts`` holds to the
words, ``join`` makes one list of several windows, ``reader`` is the whole with the interface of ``dragoman.reader.Reader``.
"""
