"""Everything that can be done. Importing this package registers every command with its handler."""

from core.commands import correcting, ending, importing, organising, recording, stage_one, stage_two

__all__ = ["correcting", "ending", "importing", "organising", "recording", "stage_one", "stage_two"]
