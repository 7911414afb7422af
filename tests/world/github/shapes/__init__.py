"""How GitHub writes each thing as JSON; pure functions of the memory."""
