"""Feeds watched: what they list is fetched, read into the register, and told to whom it concerns.

Pure parts: ``plan`` (the user's file), ``parse`` (feeds and sitemaps), ``schedule`` (what is due, given the time), ``alerts`` (which
records concern whom), ``addresses``, ````robots``. Edges: ``fetch`` (the only module that reaches a network), ``journal`` (its file),
``deliver`` (files, commands, webhooks). ``watcher`` puts them together.
"""
