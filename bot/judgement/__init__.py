"""What rules have in common: judgements about files, stages, commands, callers."""
