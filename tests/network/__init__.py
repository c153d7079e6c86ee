"""The outside world at its worst, over real sockets: what people are told, and what goes on."""
