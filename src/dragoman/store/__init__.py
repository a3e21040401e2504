"""The register file: claims and judgements are its facts, records and people are computed from them."""
