find_me 1
