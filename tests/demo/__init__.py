"""Watch the main job: three projects are pushed, and the bot makes them build."""
