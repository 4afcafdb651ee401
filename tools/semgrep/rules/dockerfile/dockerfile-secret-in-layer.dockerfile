FROM scratch
# ruleid: dockerfile-secret-in-layer
ENV NPM_TOKEN=0123456789abcdef
# ruleid: dockerfile-secret-in-layer
ARG DB_PASSWORD="hunter2hunter2"
# ruleid: dockerfile-secret-in-layer
ENV LEVEL=info S3_SECRET_KEY=hunter2hunter2
# ok: dockerfile-secret-in-layer
ENV TOKEN_LIFETIME=3600
# ok: dockerfile-secret-in-layer
RUN --mount=type=secret,id=npm npm ci
# ok: dockerfile-secret-in-layer
ENV S3_SECRET_KEY_FILE=/run/secrets/s3
