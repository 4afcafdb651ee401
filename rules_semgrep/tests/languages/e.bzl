find_me(name = "a")
