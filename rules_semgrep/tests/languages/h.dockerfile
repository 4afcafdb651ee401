FROM a
USER find_me
