"""Views: a question and the register in, a context out. They hold no SQL and know nothing of HTTP."""
