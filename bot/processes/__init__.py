"""The one place that starts programs; nothing else in the bot does."""
