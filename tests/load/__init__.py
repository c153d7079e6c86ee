"""What puts load on a bot: an outside world that answers at once, and many people who ask.

Far plainer than the sandbox, so that it is the bot that is measured; shared by the benchmark, the
storms and the long run.
"""
