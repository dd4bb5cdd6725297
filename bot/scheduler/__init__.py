"""What happens by the clock. The only room that knows APScheduler, and that only as a clock: state lives in storage."""
