"""Network failures over real sockets: what users see, and that the bot keeps working."""
