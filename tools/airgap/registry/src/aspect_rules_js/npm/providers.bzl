"""Providers of npm packages."""

load("//npm/private:package_info.bzl", _NpmPackageInfo = "NpmPackageInfo", _NpmPackageStoreInfo = "NpmPackageStoreInfo")

NpmPackageInfo = _NpmPackageInfo
NpmPackageStoreInfo = _NpmPackageStoreInfo
