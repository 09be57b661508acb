# One image for all services: `docker run switchboard routing`. Ordinary syntax only: no frontend has to be pulled.
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE} AS build
ARG PNPM_VERSION=10.34.9
ENV CI=true
RUN npm install --global --no-audit --no-fund --no-update-notifier pnpm@${PNPM_VERSION}
WORKDIR /src
COPY pnpm-lock.yaml pnpm-workspace.yaml package.json ./
RUN pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile && node scripts/npm.mjs build
# What runs: the same locked versions without the tools, and compiled code without its sources.
RUN find . -name node_modules -prune -exec rm -rf {} + \
 && pnpm install --prod --offline --frozen-lockfile --filter "@switchboard/image..." \
 && mkdir -p /out/deploy \
 && cp -a package.json node_modules packages services /out/ && cp -a deploy/image /out/deploy/ \
 && find /out -type d \( -name node_modules -o -name dist \) -prune -o -type d \( -name src -o -name tests \) -prune -exec rm -rf {} +

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
# What was freed is given back to the system: buffers of files are large, and come and go.
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app
# Group 0 may read, so that platforms which assign their own user can run it.
COPY --from=build --chown=1000:0 /out ./
USER 1000
EXPOSE 8080 50051 9464
ENTRYPOINT ["node", "deploy/image/dist/main.js"]
CMD ["help"]
