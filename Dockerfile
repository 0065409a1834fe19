# The portal's image: one for migrate, web, worker and beat (docker-compose.yml says which is which).

FROM node:24-bookworm-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.11-slim-bookworm
# postgresql-client: pg_dump and pg_restore of the server's version, for backups.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/portal
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_VAR=/var/lib/portal \
    PROMETHEUS_MULTIPROC_DIR=/tmp/metrics XDG_CACHE_HOME=/tmp/cache
COPY requirements/uv.txt requirements/run.txt requirements/
RUN pip install --no-cache-dir -r requirements/uv.txt && uv pip install --system --no-cache -r requirements/run.txt
COPY . .
COPY --from=front-end /build/node_modules node_modules
# Front-end files to static/vendor/, then named by their hashes and compressed; compiled once, for a read-only root.
RUN python scripts/setup.py vendor && rm -rf node_modules \
    && DJANGO_SETTINGS_MODULE=anyang_sep.settings.build python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q anyang_sep core desks filings registry regulation scripts
ENV DJANGO_SETTINGS_MODULE=anyang_sep.settings.production
RUN useradd --uid 10001 --home-dir /var/lib/portal --no-create-home portal \
    && mkdir -p /var/lib/portal/files /var/lib/portal/backups \
    && chown -R portal /var/lib/portal/files /var/lib/portal/backups
USER 10001
VOLUME /var/lib/portal/files /var/lib/portal/backups
EXPOSE 8000
CMD ["honcho", "start", "--no-prefix", "web"]
