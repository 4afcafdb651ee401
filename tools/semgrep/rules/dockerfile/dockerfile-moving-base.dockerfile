# ruleid: dockerfile-moving-base
FROM debian:latest
# ruleid: dockerfile-moving-base
FROM node:26 AS build
# ruleid: dockerfile-moving-base
FROM debian
# ok: dockerfile-moving-base
FROM debian:13@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
# ok: dockerfile-moving-base
FROM scratch
# ok: dockerfile-moving-base
FROM build
