"""What a stranger may try, each attack as it would be made."""
