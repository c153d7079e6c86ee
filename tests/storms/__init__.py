"""Much at once, and much in a row: the bot as a process under more load than it can bear."""
