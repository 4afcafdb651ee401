"""The macros that BUILD files use for TypeScript. They load the rulesets' own names, so that BUILD files need not."""

load("//tools/ts/private:binary.bzl", _ts_binary = "ts_binary")
load("//tools/ts/private:library.bzl", _ts_library = "ts_library")
load("//tools/ts/private:service.bzl", _node_service = "node_service")
load("//tools/ts/private:site.bzl", _site = "site")
load("//tools/ts/private:test.bzl", _ts_test = "ts_test")

node_service = _node_service
site = _site
ts_binary = _ts_binary
ts_library = _ts_library
ts_test = _ts_test
