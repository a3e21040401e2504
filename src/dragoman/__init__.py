"""dragoman: from the news to a sourced register of who met whom."""

__version__ = "0.1.0"
