"""engine: many documents on an engine that exists (Daft): embedded by default, a Ray cluster by a setting.

``parts`` says what is to be done and what of it is done, ``work`` does one part, ``plan`` hands parts to the engine and is the only
file that imports it.
"""
