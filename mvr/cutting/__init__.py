"""Where the cuts of a film fall in its song. Pure: from what is heard to times, in seconds."""
