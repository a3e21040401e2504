"""Agreement with records made by hand: the measure of ``gold/score.py``, confusions, commonest errors, and the floor."""
