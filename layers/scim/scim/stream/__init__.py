"""The face of background work: what the table's stream and the schedule set off."""
