"""Providers for rules that build on these."""

load("//js/private:js_info.bzl", _JsInfo = "JsInfo", _js_info = "js_info")

JsInfo = _JsInfo
js_info = _js_info
