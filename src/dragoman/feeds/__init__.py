"""Feeds watched: what they list is fetched, read into the register, and told to whom it concerns.

Pure parts: ``plan`` (the user's file), ``parse`` (feeds and sitemaps), ``schedule`` (what is due, given the time), ``alerts`` (which
records concern whom), ``addresses``, ``robots``. Edges: ``fetch`` and ``connect`` (the only modules that reach a network), ``journal``
(its file), ``deliver`` (files, commands, webhooks), ``shelf`` (the register). ``watcher`` puts them together, with ``visits`` (in many
threads), ``settle`` and ``readings`` (in one).
"""
