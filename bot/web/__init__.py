"""The webhook endpoint: who is connected, what is read of it, what is answered."""
