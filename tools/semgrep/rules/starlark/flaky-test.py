# ruleid: flaky-test
ts_test(name = "queue_test", srcs = ["queue.test.ts"], flaky = True)
# ruleid: flaky-test
sh_test(
    name = "up_test",
    flaky = 1,
)
# ok: flaky-test
ts_test(name = "flaky_test", srcs = ["flaky.test.ts"])
# ok: flaky-test
ts_test(name = "queue_test", flaky = False)
