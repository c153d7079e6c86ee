"""Network failures over real sockets: what users are told, and that the bot goes on."""
